import type { z } from "zod";
import type { Problem } from "../lib/problems.ts";

/** Pulumi keeps `true`, `4096` and objects as text. */
export function parseValue(text: string): unknown {
  if (!/^(true|false|-?\d+(\.\d+)?|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What the schema found wrong, as problems. */
export function explain(issue: z.core.$ZodIssue, given: unknown): Problem[] {
  const property = `garrison:${issue.path.join(".")}`;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const unknown = `garrison:${[...issue.path, key].join(".")}`;
      return {
        property: unknown,
        found: "an unknown setting",
        expected: "a setting of docs/reference/settings.md",
        fix: `pulumi config rm --path ${unknown}`,
      };
    });
  }
  const value = valueAt(given, issue.path);
  const expected = issue.message.replace(/^[^:]*: expected /, "");
  return [
    {
      property,
      found: value === undefined ? "nothing" : JSON.stringify(value),
      expected: expected.replace(/, received .*$/, ""),
      fix: `pulumi config set --path ${property} <value>`,
    },
  ];
}

/** What stands at a path, if anything. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
