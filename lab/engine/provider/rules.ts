/** A plugin's rules beyond the schema's, written with zod. */
import { containsUnknown, type Properties } from "@garrison/helpers/pulumi/values.ts";
import type { z } from "zod";
import type { CheckFailure } from "./check.ts";
import { pathText } from "./diff.ts";

/** Failures of all rules at once. What is not known yet cannot be judged; Check is called again when it is. */
export function failuresOf(label: string, rules: z.ZodType, inputs: Properties): CheckFailure[] {
  if (containsUnknown(inputs)) return [];
  const issues = rules.safeParse(inputs).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const property = pathText(path.filter((key) => typeof key !== "symbol"));
    return { property, reason: `${label}.${property} ${message}` };
  });
}
