import { describe, expect, test } from "vitest";

import { rules } from "#policies/rules/catalogue.ts";
import { commandRules } from "#policies/rules/command/catalogue.ts";
import { given } from "../neighbours/case.ts";
import { runAll } from "../support.ts";
import { dangerousClouds } from "./clouds.ts";
import { dangerousCommands, dangerousContainers } from "./commands.ts";
import { harmlessClouds, harmlessCommands, harmlessContainers } from "./harmless.ts";

// A lock is advice for every program.
const judges = rules.filter(({ id }) => id !== "azure.locks");
const mandatory = judges.filter(({ level }) => level === "mandatory");
const secretRules = rules.filter(({ id }) => id === "secret.in-command");

const command = (create: string) => [{ type: "command:local:Command", name: "x", properties: { create } }];
const container = (words: readonly string[]) => given(words.join(" "), { command: words }).resources;

const found = (rulesOf: typeof judges, resources: Parameters<typeof runAll>[1]) =>
  runAll(rulesOf, resources).verdicts.map(({ finding }) => `${finding.property}: ${finding.found}`);

describe("what an attacker made up is found", () => {
  test.each(dangerousClouds)("$rule: $title", ({ resources }) => {
    expect(found(judges, resources)).not.toEqual([]);
  });
  test.each(dangerousCommands)("%s", (text) => {
    expect(found([...commandRules, ...secretRules], command(text))).not.toEqual([]);
  });
  test.each(dangerousContainers.map((words) => words.join(" ")))("the container %s", (words) => {
    expect(found(mandatory, container(words.split(" ")))).not.toEqual([]);
  });
});

describe("its harmless neighbours are not", () => {
  test.each(harmlessClouds)("$title", ({ resources }) => {
    expect(found(judges, resources)).toEqual([]);
  });
  test.each(harmlessCommands)("%s", (text) => {
    expect(found([...commandRules, ...secretRules], command(text))).toEqual([]);
  });
  test.each(harmlessContainers.map((words) => words.join(" ")))("the container %s", (words) => {
    expect(found(mandatory, container(words.split(" ")))).toEqual([]);
  });
});
