import { describe, expect, test } from "vitest";

import { rules } from "#policies/rules/catalogue.ts";
import { findings, runAll } from "../support.ts";
import { dangerousAzure } from "./dangerous-azure.ts";
import { dangerousCloudflare } from "./dangerous-cloudflare.ts";
import { dangerousOpenings } from "./dangerous-openings.ts";
import { dangerousServices } from "./dangerous-services.ts";
import { harmless } from "./harmless.ts";
import { harmlessOpenings } from "./harmless-openings.ts";
import { harmlessServices } from "./harmless-services.ts";

const byId = new Map(rules.map((rule) => [rule.id, rule]));

describe("what opens an estate is found", () => {
  test.each([...dangerousAzure, ...dangerousCloudflare, ...dangerousServices, ...dangerousOpenings])(
    "$rule: $title",
    ({ rule = "", resources }) => {
      const judge = byId.get(rule);
      expect(judge && findings(judge, resources)).not.toEqual([]);
      expect(judge).toBeDefined();
    },
  );
});

describe("what programs commonly declare is left alone", () => {
  // A lock is advice for every program.
  const judges = rules.filter(({ id }) => id !== "azure.locks");

  test.each([...harmless, ...harmlessServices, ...harmlessOpenings])("$title", ({ resources }) => {
    const { verdicts } = runAll(judges, resources);
    expect(verdicts.map(({ finding }) => `${finding.property}: ${finding.found}`)).toEqual([]);
  });
});
