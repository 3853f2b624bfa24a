import type {
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { expect, test } from "vitest";

import { machine } from "#policies/lib/azure-examples.ts";
import { container, labels } from "#policies/lib/examples.ts";
import { packOf, toPolicy } from "#policies/lib/to-policy.ts";
import type { ExampleResource, Rule } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { asGiven, UNKNOWN, urnOf } from "../support.ts";

const byId = (id: string): Rule => {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(id);
  return rule;
};

const TOKEN = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");

/** Calls the policy as the SDK does: what it reports, and what it throws. */
function validate(
  id: string,
  resources: readonly ExampleResource[],
  config: object = {},
  messages: "line" | "json" = "line",
) {
  const pack = packOf(rules);
  pack.settings = { ...pack.settings, messages };
  const policy = toPolicy(byId(id), pack) as ResourceValidationPolicy & StackValidationPolicy;
  const reports: { message: string; urn: string | undefined }[] = [];
  const report = (message: string, urn?: string) => reports.push({ message, urn });
  const thrown: unknown[] = [];
  const attempt = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      thrown.push(error);
    }
  };
  const given = asGiven(resources);
  const resource = policy.validateResource as ((args: ResourceValidationArgs, report: unknown) => void) | undefined;
  for (const one of given)
    attempt(() => resource?.({ ...one, getConfig: () => config } as unknown as ResourceValidationArgs, report));
  const stack = policy.validateStack as ((args: StackValidationArgs, report: unknown) => void) | undefined;
  attempt(() => stack?.({ resources: given, getConfig: () => config } as unknown as StackValidationArgs, report));
  return { reports, thrown };
}

test("a report is one line with the resource, the property, the value and what is expected", () => {
  const { reports } = validate("container.user", [container({ user: "root" }, "gateway")]);
  expect(reports.map(({ message }) => message)).toEqual([
    'gateway: user is "root"; expected a uid, or uid:gid, in digits and not 0.',
  ]);
});

test("a program gets the parts of a finding, in full", () => {
  const waived = labels({ "garrison.waivers": "container.privileged" });
  const [report] = validate(
    "container.privileged",
    [container({ privileged: true, labels: waived })],
    {},
    "json",
  ).reports;
  expect(JSON.parse(report?.message ?? "")).toEqual({
    resource: "example",
    property: "privileged",
    found: "true",
    expected: "false, or not set",
    waiver: expect.stringContaining('{"container.privileged": {"waivableByLabel": true}}') as string,
  });
});

test("a waiver that does not count is answered", () => {
  const waived = labels({ "garrison.waivers": "container.privileged" });
  const [report] = validate("container.privileged", [container({ privileged: true, labels: waived })]).reports;
  expect(report?.message).toMatch(/A label alone does not waive it\.$/);
});

test("what reads the same of one resource is told once, and of two resources twice", () => {
  const lines = (data: string, ...names: string[]) =>
    validate(
      "azure.custom-data",
      names.map((name) => machine(name, { osProfile: { customData: Buffer.from(data).toString("base64") } })),
    ).reports.map(({ message }) => message.slice(0, message.indexOf(";")));
  const where = "osProfile.customData is";
  const three = `a: ${TOKEN}\nb: ${TOKEN}\nc: ${TOKEN}\n`;
  expect(lines(three, "one", "two")).toEqual([
    `one: ${where} a GitHub token, in base64`,
    `two: ${where} a GitHub token, in base64`,
  ]);
  const another = TOKEN.replace("0aB1", "1xY2");
  expect(lines(`${three}d: ${another}\n`, "one")).toEqual([`one: ${where} a GitHub token, in base64, 2 times`]);
});

test("a finding in the stack is put on its resource", () => {
  const service = container({ labels: labels({ "garrison.service": "example" }) });
  const { reports } = validate("container.limits", [service]);
  expect(reports).toHaveLength(1);
  expect(reports[0]?.urn).toBe(urnOf(service));
});

test("what depends on an unknown value is left to the update, and the rest is judged", () => {
  const { reports, thrown } = validate("container.host-namespaces", [
    container({ networkMode: UNKNOWN, ipcMode: UNKNOWN, pidMode: "host" }, "gateway"),
  ]);
  expect(reports.map(({ message }) => message)).toEqual([expect.stringContaining("gateway: pidMode")]);
  expect(thrown).toEqual([]);
});

test("a finding stands while the labels that might waive it are unknown", () => {
  expect(validate("container.user", [container({ user: "root", labels: UNKNOWN })]).reports).toHaveLength(1);
});

test.each([undefined, null, "text", 5, [], [null], [5], {}])("malformed lists do not stop a rule: %j", (value) => {
  const malformed = {
    mounts: value,
    volumes: value,
    labels: value,
    capabilities: value,
    networksAdvanced: value,
    securityOpts: value,
  };
  for (const rule of rules) expect(validate(rule.id, [container(malformed)]).thrown).toEqual([]);
});

test("only rules that can be waived take the setting", () => {
  expect(toPolicy(byId("container.user"), packOf(rules)).configSchema?.properties).toHaveProperty("waivableByLabel");
  expect(toPolicy(byId("lab.stand-in"), packOf(rules)).configSchema?.properties).not.toHaveProperty("waivableByLabel");
});
