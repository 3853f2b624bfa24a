import { bridge, staged } from "#lib/agent-examples.ts";
import type { Bridge } from "#lib/bridges.ts";
import { onEachBridge } from "#lib/bridges.ts";
import { show } from "#lib/properties.ts";
import type { Stack } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

/** The least that Standard Webhooks allow. */
const LEAST_BYTES = 24;

type Flaw = Omit<Finding, "urn">;

export const rule: Rule = {
  id: "bridge.key",
  title: "Every direction of a bridge has a key of its own, of at least 24 bytes.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI07", "OWASP ASI03"],
  why: "A short key can be guessed, and with one key for two directions a message can be sent back as an answer.",
  fix: "Generate 24 bytes or more for each direction, and name the key after it.",
  waivable: "by-configuration",
  types: [],
  checkStack: (stack) => onEachBridge(stack, (bridge, all) => [...length(bridge, stack), ...reuse(bridge, all)]),
  examples: {
    good: [
      bridged("bridge-key-g1", "32 bytes", { bytes: 32 }),
      bridged("bridge-key-g2", "Generated", { bytes: 32, resource: "bridge-key-g2" }, 32),
    ],
    bad: [
      bridged("bridge-key-b1", "Four bytes", { bytes: 4 }),
      bridged("bridge-key-b2", "Declared longer than generated", { bytes: 32, resource: "bridge-key-b2" }, 16),
      staged("bridge-key-b3", "One key for two bridges", ({ declares }) => [
        declares({
          bridges: [bridge("bridge-key-b3"), bridge("bridge-key-b3", { to: "bridge-key-b3-broker" })],
        }),
      ]),
    ],
  },
};

function length({ properties }: Bridge, stack: Stack): Flaw[] {
  const key = properties.object("key");
  const declared = key.number("bytes") ?? 0;
  const generated = bytesOf(key.text("resource"), stack);
  const bytes = Math.min(declared, generated ?? declared);
  if (bytes >= LEAST_BYTES) return [];
  const found = `${String(bytes)} bytes${generated !== undefined && generated < declared ? ", as its resource generates them" : ""}`;
  return [{ property: key.path("bytes"), found, expected: `at least ${String(LEAST_BYTES)}` }];
}

/** A letter or digit of a password is worth less than a byte. */
const BITS_OF_A_CHARACTER = 5.9;

/** How many bytes the resources of a name generate, where the program has some that do. */
function bytesOf(name: string | undefined, { resources }: Stack): number | undefined {
  const found = resources.flatMap(({ name: own, type, properties }) => {
    const length = properties.number("length");
    if (name === undefined || own !== name || length === undefined) return [];
    if (type === "random:index/randomBytes:RandomBytes") return [length];
    const isText =
      type === "random:index/randomPassword:RandomPassword" || type === "random:index/randomString:RandomString";
    return isText ? [Math.floor((length * BITS_OF_A_CHARACTER) / 8)] : [];
  });
  return found.length === 0 ? undefined : Math.min(...found);
}

function reuse(bridge: Bridge, all: readonly Bridge[]): Flaw[] {
  const key = bridge.properties.object("key");
  const name = key.text("name");
  const other = all.find(
    (own) => (own.from !== bridge.from || own.to !== bridge.to) && own.properties.object("key").text("name") === name,
  );
  if (name === undefined || other === undefined) return [];
  const found = `${show(name)}, the key from ${show(other.from)} to ${show(other.to)} too`;
  return [{ property: key.path("name"), found, expected: "a key for this direction alone" }];
}

function bridged(id: string, title: string, key: Readonly<Record<string, unknown>>, generated?: number): Example {
  return staged(id, title, ({ declares }) => [
    declares({ bridges: [bridge(id, {}, key)] }),
    ...(generated === undefined
      ? []
      : [{ type: "random:index/randomBytes:RandomBytes", name: id, properties: { length: generated } }]),
  ]);
}
