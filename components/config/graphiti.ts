import type { FileContext } from "../files/service-files.ts";

/** Graphiti's choice of models, as lines that a shell reads. The settings allow no character that means something to it. */
export function graphitiModels({ settings }: FileContext): string {
  return `MODEL_NAME='${settings.models.memory}'
EMBEDDING_MODEL_NAME='${settings.models.embedding}'
`;
}
