import { secret } from "#components/secrets/reference.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";
import { models } from "./settings.ts";

const DIRECTORY = "/etc/graphiti";

/** What the memory service reads at start: its settings, and each secret in a file of its own. */
export function graphitiFiles(self: Rendering): Readonly<Record<string, string>> {
  const key = `${DIRECTORY}/openai-api-key`;
  const password = `${DIRECTORY}/falkordb-password`;
  const authority = `${DIRECTORY}/internet-ca.pem`;
  const { internetCa } = self.settings;
  const { memory, embedding } = self.setting(models);
  const graph = self.use("graph");
  const text = {
    models: {
      url: "https://api.openai.com/v1",
      extraction: memory,
      embedding,
      key_file: key,
      ...(internetCa !== undefined && { ca_file: authority }),
    },
    database: { host: graph.name, port: graph.port, user: self.name, password_file: password },
  };
  return {
    [`${DIRECTORY}/settings.json`]: `${JSON.stringify(text, null, 2)}\n`,
    [key]: secret("openai-api-key"),
    [password]: graph.login(),
    ...(internetCa !== undefined && { [authority]: internetCa }),
  };
}
