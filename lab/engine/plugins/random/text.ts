import { z } from "zod";
import { pick, shuffle } from "./pick.ts";

const count = z.int().nonnegative().default(0);

/** What RandomPassword and RandomString accept. `number` is the old name of `numeric`; either switches digits off. */
export const textRules = z
  .object({
    length: z.int().positive(),
    lower: z.boolean().default(true),
    upper: z.boolean().default(true),
    numeric: z.boolean().optional(),
    number: z.boolean().optional(),
    special: z.boolean().default(true),
    overrideSpecial: z.string().optional(),
    minLower: count,
    minUpper: count,
    minNumeric: count,
    minSpecial: count,
  })
  .refine(({ number, numeric }) => number === undefined || numeric === undefined || number === numeric, {
    path: ["number"],
    message: "differs from numeric; it is the old name of the same setting, leave it out",
  })
  .transform(({ number, numeric, ...rules }) => {
    const digits = numeric ?? number ?? true;
    return { ...rules, numeric: digits, number: digits };
  })
  .superRefine((rules, context) => {
    const least = rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial;
    if (rules.length < least) {
      context.addIssue({
        code: "custom",
        path: ["length"],
        message: `is ${rules.length}; the minimums add up to ${least}`,
      });
    }
    if (alphabet(rules).length === 0) {
      context.addIssue({ code: "custom", path: ["lower"], message: "every kind of character is switched off" });
    }
  });

type TextRules = z.infer<typeof textRules>;
type Characters = Pick<TextRules, "lower" | "upper" | "numeric" | "special" | "overrideSpecial">;

const lowers = Array.from("abcdefghijklmnopqrstuvwxyz");
const uppers = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const digits = Array.from("0123456789");
const specials = Array.from("!@#$%&*()-_=+[]{}<>:?");

/** A random text that holds at least the wanted number of each kind of character, at random places. */
export function randomText(rules: TextRules): string {
  const all = alphabet(rules);
  const wanted: [number, readonly string[]][] = [
    [rules.minLower, lowers],
    [rules.minUpper, uppers],
    [rules.minNumeric, digits],
    [rules.minSpecial, specialsOf(rules)],
  ];
  const least = wanted.flatMap(([many, kind]) => times(many, () => pick(kind)));
  return shuffle([...least, ...times(rules.length - least.length, () => pick(all))]).join("");
}

function alphabet(rules: Characters): string[] {
  return [
    ...(rules.lower ? lowers : []),
    ...(rules.upper ? uppers : []),
    ...(rules.numeric ? digits : []),
    ...(rules.special ? specialsOf(rules) : []),
  ];
}

/** An empty override counts as none, as it does for the official provider. */
function specialsOf({ overrideSpecial }: Characters): string[] {
  return overrideSpecial === undefined || overrideSpecial === "" ? specials : Array.from(overrideSpecial);
}

function times(many: number, make: () => string): string[] {
  return Array.from({ length: many }, make);
}
