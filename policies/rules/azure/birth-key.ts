import { firstBootSecretsOf } from "#lib/azure-first-boot-data.ts";
import { machine, of } from "#lib/azure-examples.ts";
import { machineTypes } from "#lib/azure-types.ts";
import type { Resource } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";

const HEADER = ["-----BEGIN OPENSSH", "PRIVATE KEY-----"].join(" ");
const HOST_KEY = `# garrison.birth-key: one-use\nssh_keys:\n  ed25519_private: |\n    ${HEADER}\n    example\n`;

/** The component that replaces the key on the first connection to the machine beside it. */
const HOST_KEY_TYPE = "garrison:host:HostKey";

export const rule: Rule = {
  id: "azure.birth-key",
  title: "A host key in custom data is used once.",
  severity: "low",
  level: "advisory",
  references: [],
  why: "The key stays readable in the machine's data, so whoever reads it can pose as the machine until it is replaced.",
  fix: "Replace the key on the machine's first connection and pin the new one, as `HostKey` beside the machine does.",
  waivable: "by-configuration",
  types: machineTypes,
  looksAt: [HOST_KEY_TYPE],
  checkStack: (stack) => {
    const keys = stack.ofType(HOST_KEY_TYPE);
    return machineTypes
      .flatMap((type) => stack.ofType(type))
      .filter(({ parent }) => !keys.some((key) => parent !== undefined && key.parent?.urn === parent.urn))
      .flatMap((machine) =>
        firstBootSecretsOf(asWritten(machine))
          .filter(({ oneUse }) => oneUse)
          .map(({ path }) => ({
            urn: machine.urn,
            property: path.replace(/^__inputs\./, ""),
            found: "a host key declared one-use",
            expected: "a key that is replaced at once",
          })),
      );
  },
  examples: {
    good: [
      of("No key", machine("kg-none")),
      of(
        "A key that the program replaces",
        { type: "garrison:azure:AzureMachine", name: "kg-component", properties: {} },
        { ...machine("kg-replaced", { osProfile: profile(HOST_KEY) }), parent: "kg-component" },
        { type: HOST_KEY_TYPE, name: "kg-key", properties: {}, parent: "kg-component" },
      ),
    ],
    bad: [of("A key declared one-use", machine("kb-key", { osProfile: profile(HOST_KEY) }))],
  },
};

/** Azure gives no custom data out again; the provider keeps what the program wrote. */
function asWritten(machine: Resource): Resource {
  const { properties } = machine;
  return properties.get("__inputs") === undefined ? machine : { ...machine, properties: properties.object("__inputs") };
}

function profile(text: string): object {
  const linuxConfiguration = { disablePasswordAuthentication: true };
  return { adminUsername: "operator", linuxConfiguration, customData: Buffer.from(text).toString("base64") };
}
