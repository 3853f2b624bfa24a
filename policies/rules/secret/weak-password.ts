import { bitsOf } from "#lib/entropy.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { looksSecretByName } from "#lib/secret-patterns.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const STRING = "random:index/randomString:RandomString";
const BYTES = "random:index/randomBytes:RandomBytes";
const ID = "random:index/randomId:RandomId";
const PET = "random:index/randomPet:RandomPet";
const KEY = "tls:index/privateKey:PrivateKey";

/** Our number: sixteen letters and digits have 95 bits, and nobody tries 2^90 guesses. */
const LEAST_BITS = 90;
/** NIST SP 800-131A asks for 112 bits of strength in keys. */
const LEAST_KEY_BYTES = 16;
const LEAST_RSA_BITS = 2048;
/** What the provider uses as special characters when none are named. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?".length;

const CHECKS: ReadonlyMap<string, (resource: Resource) => Finding[]> = new Map([
  [PASSWORD, characters],
  [STRING, (resource) => (looksSecretByName(resource.name) ? characters(resource) : [])],
  [BYTES, (resource) => randomBytes(resource, "length")],
  [ID, (resource) => (looksSecretByName(resource.name) ? randomBytes(resource, "byteLength") : [])],
  [PET, (resource) => (looksSecretByName(resource.name) ? pet() : [])],
  [KEY, key],
]);

export const rule: Rule = {
  id: "secret.weak-password",
  title: "Generated passwords and keys cannot be guessed.",
  severity: "high",
  level: "mandatory",
  references: ["NIST SP 800-131A"],
  why: "A short password is found by trying, and nobody notices where the guessing happens offline.",
  fix: "Give passwords 24 letters and digits or more, random bytes 32, RSA keys 3072 bits; best, use ED25519.",
  waivable: "by-configuration",
  types: [...CHECKS.keys()],
  check: (resource) => CHECKS.get(resource.type)?.(resource) ?? [],
  examples: {
    good: [
      example("Forty letters and digits", PASSWORD, { length: 40, special: false }),
      example("Sixteen of all kinds", PASSWORD, { length: 16 }),
      example("Thirty-two bytes", BYTES, { length: 32 }),
      example("An Ed25519 key", KEY, { algorithm: "ED25519" }),
      example("An RSA key of the default size", KEY, { algorithm: "RSA" }),
      example("A random suffix of a name", STRING, { length: 6, special: false }, "bucket-suffix"),
    ],
    bad: [
      example("Too short", PASSWORD, { length: 12 }),
      example("Digits only", PASSWORD, { length: 20, lower: false, upper: false, special: false }),
      example("A random string in the place of a password", STRING, { length: 8 }, "admin-password"),
      example("Few bytes", BYTES, { length: 8 }),
      example("A readable name as a password", PET, { length: 2 }, "database-password"),
      example("A short RSA key", KEY, { algorithm: "RSA", rsaBits: 1024 }),
      example("The curve that is used when none is named", KEY, { algorithm: "ECDSA" }),
    ],
  },
};

function characters({ properties }: Resource): Finding[] {
  const length = properties.number("length");
  const asked = ["length", "lower", "upper", "numeric", "number", "special", "overrideSpecial"];
  if (length === undefined || asked.some((name) => properties.isUnknown(name))) return [];
  const alphabet =
    (properties.flag("lower") === false ? 0 : 26) +
    (properties.flag("upper") === false ? 0 : 26) +
    ((properties.flag("numeric") ?? properties.flag("number")) === false ? 0 : 10) +
    (properties.flag("special") === false ? 0 : specials(properties.text("overrideSpecial") ?? ""));
  const bits = Math.floor(bitsOf(length, alphabet));
  if (bits >= LEAST_BITS) return [];
  const found = `${String(length)} of ${String(alphabet)} different characters, ${String(bits)} bits`;
  return [{ property: "length", found, expected: `${String(LEAST_BITS)} bits or more` }];
}

function specials(override: string): number {
  return override === "" ? SPECIAL : new Set(override.replaceAll(/[A-Za-z0-9]/g, "")).size;
}

function randomBytes({ properties }: Resource, property: string): Finding[] {
  const length = properties.number(property);
  if (length === undefined || length >= LEAST_KEY_BYTES) return [];
  return [{ property, found: `${String(length)} bytes`, expected: `${String(LEAST_KEY_BYTES)} bytes or more` }];
}

function pet(): Finding[] {
  return [{ property: "length", found: "words of a small list", expected: "a RandomPassword" }];
}

function key({ properties }: Resource): Finding[] {
  const algorithm = properties.text("algorithm")?.toUpperCase();
  if (algorithm === "RSA") {
    const bits = properties.number("rsaBits") ?? LEAST_RSA_BITS;
    if (bits >= LEAST_RSA_BITS) return [];
    return [{ property: "rsaBits", found: String(bits), expected: `${String(LEAST_RSA_BITS)} or more` }];
  }
  const curve = properties.text("ecdsaCurve");
  if (algorithm !== "ECDSA" || (curve ?? "P224").toUpperCase() !== "P224") return [];
  return [{ property: "ecdsaCurve", found: `${show(curve)}, which is P224`, expected: "P256 or more" }];
}

function example(
  title: string,
  type: string,
  properties: Readonly<Record<string, unknown>>,
  name = "example",
): Example {
  return { title, resources: [{ type, name, properties }] };
}
