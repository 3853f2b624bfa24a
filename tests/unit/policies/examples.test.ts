import { describe, expect, test } from "vitest";

import { container, withContainer } from "#policies/lib/examples.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { findings } from "./support.ts";

describe.each(rules)("$id", (rule) => {
  test.each(rule.examples.bad)("finds: $title", ({ resources, settings }) => {
    expect(findings(rule, resources, { settings })).not.toEqual([]);
  });

  test.each(rule.examples.good)("accepts: $title", ({ resources, settings }) => {
    expect(findings(rule, resources, { settings })).toEqual([]);
  });

  test("has examples of both kinds and says what to do", () => {
    expect(rule.examples.good.length).toBeGreaterThan(0);
    expect(rule.examples.bad.length).toBeGreaterThan(0);
    expect(rule.why).toMatch(/^[A-Z].*\.$/);
    expect(rule.fix).toMatch(/^[A-Z].*\.$/);
    expect(rule.title).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the pack as a whole", () => {
  const mandatory = rules.filter((rule) => rule.level === "mandatory");

  test("finds nothing on the clean container", () => {
    expect(mandatory.flatMap((rule) => findings(rule, [container({})]))).toEqual([]);
  });

  test.each(mandatory.flatMap((rule) => rule.examples.good.map((example) => ({ id: rule.id, ...example }))))(
    "accepts the good example of $id: $title",
    ({ resources, settings }) => {
      expect(mandatory.flatMap((rule) => findings(rule, resources, { settings }))).toEqual([]);
    },
  );

  test("has unique ids, which are the names of the files", () => {
    const ids = rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("a bare container breaks every rule that asks for something", () => {
    const bare = [{ type: "docker:index/container:Container", name: "bare", properties: {} }];
    const broken = mandatory.filter((rule) => findings(rule, bare).length > 0).map((rule) => rule.id);
    expect(broken).toEqual([
      "container.user",
      "container.capabilities",
      "container.read-only-root",
      "container.no-new-privileges",
      "container.limits",
      "container.health-check",
      "container.default-bridge",
      "container.digest",
    ]);
  });

  test("resources of other types are left alone", () => {
    const other = [{ ...container({ privileged: true }), type: "aws:s3/bucket:Bucket" }];
    expect(mandatory.flatMap((rule) => findings(rule, other))).toEqual([]);
    expect(withContainer("x", {}).resources).toHaveLength(1);
  });
});
