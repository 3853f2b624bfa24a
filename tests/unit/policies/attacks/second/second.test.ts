import { describe, expect, test } from "vitest";

import { rules } from "#policies/rules/catalogue.ts";
import { commandRules } from "#policies/rules/command/catalogue.ts";
import { runAll } from "../../support.ts";
import { dangerousClouds, harmlessClouds } from "./clouds.ts";
import { dangerousCommands, harmlessCommands } from "./commands.ts";
import { dangerousContainers, harmlessContainers } from "./containers.ts";

// A lock is advice for every program.
const judges = rules.filter(({ id }) => id !== "azure.locks");
const mandatory = judges.filter(({ level }) => level === "mandatory");
const onCommands = [...commandRules, ...rules.filter(({ id }) => id === "secret.in-command")];

const command = (create: string) => [{ type: "command:local:Command", name: "x", properties: { create } }];

const found = (rulesOf: typeof judges, resources: Parameters<typeof runAll>[1]) =>
  runAll(rulesOf, resources).verdicts.map(({ finding }) => `${finding.property}: ${finding.found}`);

describe("what a second attack got past the rules is found", () => {
  test.each(dangerousContainers)("$rule finds $title", ({ rule, resources }) => {
    expect(
      found(
        judges.filter(({ id }) => id === rule),
        resources,
      ),
    ).not.toEqual([]);
  });
  test.each(dangerousCommands)("%s", (text) => {
    expect(found(onCommands, command(text))).not.toEqual([]);
  });
  test.each(dangerousClouds)("$rule: $title", ({ resources }) => {
    expect(found(judges, resources)).not.toEqual([]);
  });
  test("a file that nobody sees, for a place that decides who is root", () => {
    const properties = { remotePath: "/etc/sudoers.d/x", source: { path: "./x" } };
    expect(found(onCommands, [{ type: "command:remote:CopyToRemote", name: "x", properties }])).toContain(
      "remotePath: /etc/sudoers.d/x: who may become root, by a file that nobody sees here",
    );
  });
});

describe("its harmless neighbours are not", () => {
  test.each(harmlessContainers)("$title", ({ resources }) => {
    expect(found(mandatory, resources)).toEqual([]);
  });
  test.each(harmlessCommands)("%s", (text) => {
    expect(found(onCommands, command(text))).toEqual([]);
  });
  test.each(harmlessClouds)("$title", ({ resources }) => {
    expect(found(judges, resources)).toEqual([]);
  });
});
