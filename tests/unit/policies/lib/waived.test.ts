import type { StackValidationArgs } from "@pulumi/policy";
import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import type { Settings } from "#policies/lib/settings.ts";
import { packOf } from "#policies/lib/to-policy.ts";
import { waivedPolicy } from "#policies/lib/waived.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { asGiven, urnOf } from "../support.ts";

function said(resources: readonly ExampleResource[], settings: Partial<Settings> = {}): string[] {
  const pack = packOf(rules);
  pack.settings = { ...pack.settings, ...settings };
  const lines: string[] = [];
  const args = { resources: asGiven(resources) } as unknown as StackValidationArgs;
  void waivedPolicy(pack).validateStack(args, (line) => lines.push(line));
  return lines;
}

const waived = (id: string) => labels({ "garrison.waivers": id });
const record = { reason: "it runs one process only", owner: "platform", expires: "2027-06-30" };

test("nothing is said where nothing is waived", () => {
  expect(said([container({ readOnly: false }), container({ user: "root" }, "other")])).toEqual([]);
});

test("one line names every rule and the resources on which it is waived", () => {
  const writable = { readOnly: false, labels: waived("container.read-only-root") };
  const root = container({ user: "root", labels: waived("container.user") }, "root");
  expect(said([container(writable, "a"), container(writable, "b"), root])).toEqual([
    "Waived: container.user (root); container.read-only-root (a, b).",
  ]);
});

test("waivers of the configuration are shown too, also of what only the stack shows", () => {
  const service = container({ labels: labels({ "garrison.service": "example" }) });
  const waivers = [{ ...record, rule: "container.limits", resource: urnOf(service) }];
  expect(said([service], { waivers })).toEqual(["Waived: container.limits (example)."]);
});

test("a waiver that does nothing, or may do nothing, is not shown as one that does", () => {
  const idle = container({ labels: waived("container.user") }, "idle");
  const refused = container({ privileged: true, labels: waived("container.privileged") }, "refused");
  expect(said([idle, refused])).toEqual([]);
});
