import { expect, test } from "vitest";

import { rule } from "#policies/rules/secret/in-command.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");
const command = (properties: Record<string, unknown>, secrets: string[] = [], type = "command:local:Command") => [
  { type, name: "command", properties, secrets },
];

test.each(["create", "update", "delete", "interpreter", "environment", "triggers", "stdin"])(
  "%s that is not marked",
  (name) => {
    const value =
      name === "interpreter" || name === "triggers" ? [token] : name === "environment" ? { X: token } : token;
    for (const type of ["command:local:Command", "command:remote:Command"]) {
      expect(findings(rule, command({ [name]: value }, [], type))).toHaveLength(1);
    }
  },
);

test.each(["create", "update", "delete"])("%s is an argument, marked or not", (name) => {
  expect(findings(rule, command({ [name]: "use it" }, [name]))).toEqual([
    `${name}: marked as secret (6 characters), and an argument of a shell`,
  ]);
});

test("marked in stdin, environment and triggers it passes", () => {
  const properties = { create: "run", stdin: token, environment: { TOKEN: token }, triggers: [token] };
  expect(findings(rule, command(properties, ["stdin", "environment.TOKEN", "triggers"]))).toEqual([]);
});

test("outputs are nobody's arguments", () => {
  expect(findings(rule, command({ create: "run", stdout: token, stderr: token }, ["stdout"]))).toEqual([]);
});

test("the settings name what is none, and unknown texts are left to the update", () => {
  expect(findings(rule, command({ stdin: token }), { settings: { notSecret: ["command:stdin"] } })).toEqual([]);
  expect(run(rule, command({ create: UNKNOWN, stdin: UNKNOWN })).verdicts).toEqual([]);
});
