import { birthSecretsOf } from "../../lib/azure-birth-data.ts";
import { machine, of } from "../../lib/azure-examples.ts";
import { machineTypes } from "../../lib/azure-types.ts";
import type { Rule } from "../../lib/rule.ts";

const HEADER = ["-----BEGIN OPENSSH", "PRIVATE KEY-----"].join(" ");
const HOST_KEY = `# garrison.birth-key: one-use\nssh_keys:\n  ed25519_private: |\n    ${HEADER}\n    example\n`;

export const rule: Rule = {
  id: "azure.birth-key",
  title: "A host key in custom data is used once.",
  severity: "low",
  level: "advisory",
  references: [],
  why: "The key stays readable in the machine's data, so whoever reads it can pose as the machine until it is replaced.",
  fix: "Replace the key on the machine's first connection and pin the new one; nothing to do where that is done.",
  waivable: "by-configuration",
  types: machineTypes,
  check: (one) =>
    birthSecretsOf(one)
      .filter(({ oneUse }) => oneUse)
      .map(({ path }) => ({
        property: path,
        found: "a host key declared one-use",
        expected: "a key that is replaced at once",
      })),
  examples: {
    good: [of("No key", machine("kg-none"))],
    bad: [of("A key declared one-use", machine("kb-key", { osProfile: profile(HOST_KEY) }))],
  },
};

function profile(text: string): object {
  const linuxConfiguration = { disablePasswordAuthentication: true };
  return { adminUsername: "operator", linuxConfiguration, customData: Buffer.from(text).toString("base64") };
}
