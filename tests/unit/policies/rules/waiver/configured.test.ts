import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import type { ConfiguredWaiver } from "#policies/lib/settings.ts";
import { rule } from "#policies/rules/waiver/configured.ts";
import { rule as sensitiveMounts } from "#policies/rules/container/sensitive-mounts.ts";
import { rule as limits } from "#policies/rules/container/limits.ts";
import { findings, run, UNKNOWN, urnOf } from "#tests/unit/policies/support.ts";

const service = container({ labels: labels({ "garrison.service": "example" }) });
const waiver: ConfiguredWaiver = {
  rule: "container.limits",
  resource: urnOf(service),
  reason: "runs one process, which cannot fork",
  owner: "security",
  expires: "2027-06-30",
};
const judged = (changes: Partial<ConfiguredWaiver>, resources = [service]) =>
  findings(rule, resources, { settings: { waivers: [{ ...waiver, ...changes }] } });

test("a complete waiver of what is there passes, also where only the stack shows it", () => {
  expect(judged({})).toEqual([]);
});

test("it waives the finding, and nothing else does", () => {
  const settings = { waivers: [waiver] };
  expect(findings(limits, [service])).toHaveLength(1);
  expect(findings(limits, [service], { settings })).toEqual([]);
  expect(findings(limits, [{ ...service, name: "other" }], { settings })).toHaveLength(1);
});

test.each<[Partial<ConfiguredWaiver>, string]>([
  [{ rule: "container.limit" }, 'pack.settings: waivers.0.rule: "container.limit"'],
  [{ rule: "lab.stand-in" }, 'pack.settings: waivers.0.rule: "lab.stand-in", which nothing waives'],
  [
    { rule: "container.user" },
    'pack.settings: waivers.0.rule: "container.user", which finds nothing here that it could waive',
  ],
  [{ resource: "urn:x" }, 'pack.settings: waivers.0.resource: "urn:x"'],
  [{ reason: "because" }, 'pack.settings: waivers.0.reason: "because"'],
  [{ owner: " " }, 'pack.settings: waivers.0.owner: " "'],
  [{ expires: "soon" }, 'pack.settings: waivers.0.expires: "soon"'],
])("%j is found", (changes, expected) => {
  expect(judged(changes)).toEqual([expected]);
});

test("all flaws are named at once", () => {
  expect(judged({ rule: "no.rule", reason: "", owner: "", expires: "" })).toHaveLength(4);
});

test("nothing is concluded about a resource that is not known yet", () => {
  const unknown = container({ user: UNKNOWN }, "later");
  expect(judged({ rule: "container.user", resource: urnOf(unknown) }, [unknown])).toEqual([]);
});

test("an agent's socket is not waived, and the waiver is said to be idle", () => {
  const agent = container({
    mounts: [{ type: "bind", source: "/run/docker.sock", target: "/docker.sock" }],
    labels: labels({ "garrison.role": "agent" }),
  });
  const settings = { waivers: [{ ...waiver, rule: sensitiveMounts.id, resource: urnOf(agent) }] };
  expect(run(sensitiveMounts, [agent], { settings }).verdicts.map((verdict) => verdict.waiverRefused)).toEqual([true]);
  expect(findings(rule, [agent], { settings })).toHaveLength(1);
});
