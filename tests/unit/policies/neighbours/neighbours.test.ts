import { describe, expect, test } from "vitest";

import { rules } from "#policies/rules/catalogue.ts";
import { findings, runAll } from "../support.ts";
import { dangerousHosts } from "./dangerous-hosts.ts";
import { dangerous } from "./dangerous.ts";
import { harmless } from "./harmless.ts";

const mandatory = rules.filter(({ level }) => level === "mandatory");

describe("dangerous", () => {
  test.each([...dangerous, ...dangerousHosts])("$rule finds $title", ({ rule: id, resources }) => {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw new Error(`no rule ${String(id)}`);
    expect(findings(rule, resources)).not.toEqual([]);
  });
});

describe("harmless", () => {
  test("there are more than a hundred, each said once", () => {
    expect(harmless.length).toBeGreaterThan(100);
    expect(new Set(harmless.map(({ title }) => title)).size).toBe(harmless.length);
  });

  test.each(harmless)("nothing is found of $title", ({ resources }) => {
    const found = runAll(mandatory, resources).verdicts;
    expect(found.map(({ finding }) => `${finding.property}: ${finding.found}`)).toEqual([]);
  });
});
