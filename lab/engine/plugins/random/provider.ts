import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import { hash } from "bcryptjs";
import { z } from "zod";
import type { ProviderDefinition, ResourceDefinition } from "#provider/definition.ts";
import { failuresOf } from "#provider/rules.ts";
import { loadSchema } from "#provider/schema.ts";
import { randomIdentifier, uuidVersion7 } from "./identifiers.ts";
import { petName } from "./pets.ts";
import { shuffle } from "./pick.ts";
import { randomText, textRules } from "./text.ts";

type RandomResource = ResourceDefinition<undefined>;

/** bcrypt's work factor that the official provider uses. */
const bcryptRounds = 10;
/** `crypto.randomInt` draws from a range below this width. */
const widestRange = 2 ** 48 - 1;

const seedReason = "a seed gives the same result again only in the generator of the official plugin; leave it out";
const positive = z.int().positive("must be at least 1");

/** Everything drawn stays as it was drawn until an input changes; any change draws anew. */
function drawn(
  label: string,
  rules: z.ZodType,
  draw: (inputs: Properties) => { id: string; outputs: Properties } | Promise<{ id: string; outputs: Properties }>,
  unsupported?: Readonly<Record<string, string>>,
): RandomResource {
  return {
    ...(unsupported ? { unsupported } : {}),
    check: (inputs) => failuresOf(label, rules, inputs),
    replaces: () => true,
    create: async (inputs) => draw(inputs),
  };
}

const byteRules = z.object({ length: positive });
const identifierRules = z.object({ byteLength: positive, prefix: z.string().optional() });
const petRules = z.object({
  length: positive.default(2),
  separator: z.string().default("-"),
  prefix: z.string().optional(),
});
const shuffleRules = z.object({
  inputs: z.array(z.string()),
  resultCount: z.int().nonnegative("must not be negative").optional(),
});
const integerRules = z
  .object({ min: z.int(), max: z.int() })
  .refine(({ min, max }) => min <= max, { path: ["min"], message: "is above max" })
  .refine(({ min, max }) => max - min < widestRange, { path: ["max"], message: "is more than 2^48 above min" });

/** The lab's stand-in for the random provider. Every draw comes from the operating system's generator. */
export const randomProvider: ProviderDefinition<undefined> = {
  name: "random",
  version: pluginVersions.random,
  schema: loadSchema("random"),
  configure: () => undefined,
  resources: {
    "random:index/randomPassword:RandomPassword": drawn("random.RandomPassword", textRules, async (inputs) => {
      const rules = textRules.parse(inputs);
      const result = randomText(rules);
      return { id: "none", outputs: { ...rules, result, bcryptHash: await hash(result, bcryptRounds) } };
    }),
    "random:index/randomString:RandomString": drawn("random.RandomString", textRules, (inputs) => {
      const rules = textRules.parse(inputs);
      const result = randomText(rules);
      return { id: result, outputs: { ...rules, result } };
    }),
    "random:index/randomBytes:RandomBytes": drawn("random.RandomBytes", byteRules, (inputs) => {
      const bytes = randomBytes(byteRules.parse(inputs).length);
      return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
    }),
    "random:index/randomId:RandomId": drawn("random.RandomId", identifierRules, (inputs) => {
      const { byteLength, prefix } = identifierRules.parse(inputs);
      const { id, ...outputs } = randomIdentifier(byteLength, prefix);
      return { id, outputs };
    }),
    "random:index/randomUuid:RandomUuid": drawn("random.RandomUuid", z.object({}), () => same(randomUUID())),
    "random:index/randomUuid4:RandomUuid4": drawn("random.RandomUuid4", z.object({}), () => same(randomUUID())),
    "random:index/randomUuid7:RandomUuid7": drawn("random.RandomUuid7", z.object({}), () => same(uuidVersion7())),
    "random:index/randomPet:RandomPet": drawn("random.RandomPet", petRules, (inputs) => {
      const { length, separator, prefix } = petRules.parse(inputs);
      return { id: petName(length, separator, prefix), outputs: { length, separator } };
    }),
    "random:index/randomInteger:RandomInteger": drawn(
      "random.RandomInteger",
      integerRules,
      (inputs) => {
        const { min, max } = integerRules.parse(inputs);
        const result = randomInt(min, max + 1);
        return { id: String(result), outputs: { result } };
      },
      { seed: seedReason },
    ),
    "random:index/randomShuffle:RandomShuffle": drawn(
      "random.RandomShuffle",
      shuffleRules,
      (inputs) => {
        const { inputs: items, resultCount = items.length } = shuffleRules.parse(inputs);
        return { id: "-", outputs: { results: shuffled(items, resultCount) } };
      },
      { seed: seedReason },
    ),
  },
};

function same(result: string) {
  return { id: result, outputs: { result } };
}

/** So many of the items in random order; asked for more than there are, it starts over with all of them. */
function shuffled(items: readonly string[], count: number): string[] {
  const results: string[] = [];
  while (items.length > 0 && results.length < count) results.push(...shuffle(items));
  return results.slice(0, count);
}
