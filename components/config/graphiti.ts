import type { FileContext } from "../files/service-files.ts";
import { secret } from "../secrets/reference.ts";
import { FALKORDB_USER } from "./falkordb.ts";

const DIRECTORY = "/etc/graphiti";

/** What the memory service reads at start: its settings, and each secret in a file of its own. */
export function graphitiFiles({ settings }: FileContext): Readonly<Record<string, string>> {
  const key = `${DIRECTORY}/openai-api-key`;
  const password = `${DIRECTORY}/falkordb-password`;
  const authority = `${DIRECTORY}/internet-ca.pem`;
  const { internetCa } = settings;
  const text = {
    models: {
      url: "https://api.openai.com/v1",
      extraction: settings.models.memory,
      embedding: settings.models.embedding,
      key_file: key,
      ...(internetCa !== undefined && { ca_file: authority }),
    },
    database: { host: "falkordb", port: 6379, user: FALKORDB_USER, password_file: password },
  };
  return {
    [`${DIRECTORY}/settings.json`]: `${JSON.stringify(text, null, 2)}\n`,
    [key]: secret("openai-api-key"),
    [password]: secret("falkordb-graphiti"),
    ...(internetCa !== undefined && { [authority]: internetCa }),
  };
}
