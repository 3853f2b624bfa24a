import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/network/egress.ts";
import { rule as unused } from "#policies/rules/waiver/unused.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const network = (name: string, properties: Readonly<Record<string, unknown>>) => ({
  type: "docker:index/network:Network",
  name,
  properties: { name, ...properties },
});
const internal = network("example-net", { internal: true });
const open = network("example-net", { internal: false });
const own = labels({ "garrison.service": "example" });
const waived = labels({ "garrison.service": "example", "garrison.waivers": "network.egress" });

test("a service's way out is found once, however the network is named", () => {
  const found = 'networksAdvanced.0.name: "example-net", a network that leads out';
  expect(findings(rule, [open, container({ labels: own })])).toEqual([found]);
  expect(findings(rule, [open, container({ labels: own, networkMode: "example-net" })])).toEqual([found]);
  expect(
    findings(rule, [open, container({ labels: own, networkMode: "example-net", networksAdvanced: undefined })]),
  ).toEqual(['networkMode: "example-net", a network that leads out']);
  expect(findings(rule, [internal, container({ labels: own })])).toEqual([]);
});

test("every network is looked at", () => {
  const networksAdvanced = [{ name: "example-net" }, { name: "out" }, { name: "strange" }];
  const resources = [internal, network("out", {}), container({ labels: own, networksAdvanced })];
  expect(findings(rule, resources)).toEqual([
    'networksAdvanced.1.name: "out", a network that leads out',
    'networksAdvanced.2.name: "strange", a network that this program does not declare',
  ]);
});

test("a network is known by its name on the host, not by its name in the program", () => {
  const renamed = { ...internal, name: "logical", properties: { name: "example-net", internal: true } };
  expect(findings(rule, [renamed, container({ labels: own })])).toEqual([]);
  const trap = { ...internal, name: "example-net", properties: { name: "else", internal: true } };
  expect(findings(rule, [trap, container({ labels: own })])).toHaveLength(1);
});

test.each(["none", "host", "bridge", "default", "container:abc"])("mode %s is another rule's matter", (networkMode) => {
  expect(findings(rule, [container({ labels: own, networkMode, networksAdvanced: undefined })])).toEqual([]);
});

test("other programs' containers are not judged", () => {
  expect(findings(rule, [open, container({})])).toEqual([]);
  expect(findings(rule, [open, container({ labels: labels({ "garrison.estate": "office" }) })])).toEqual([]);
});

test("a waiver opens it, and is unused where nothing leads out", () => {
  expect(findings(rule, [open, container({ labels: waived })])).toEqual([]);
  expect(findings(rule, [open, container({ labels: waived })], { config: { waivableByLabel: false } })).toHaveLength(1);
  expect(findings(unused, [open, container({ labels: waived })])).toEqual([]);
  expect(findings(unused, [internal, container({ labels: waived })])).toEqual([
    "labels: a waiver of network.egress, which finds nothing here",
  ]);
});

test("what preview does not know is named, and judged later", () => {
  expect(run(rule, [network("example-net", { internal: UNKNOWN }), container({ labels: own })])).toEqual({
    verdicts: [],
    unknown: ["internal"],
  });
  expect(run(rule, [network("example-net", { name: UNKNOWN, internal: true }), container({ labels: own })])).toEqual({
    verdicts: [],
    unknown: ["name"],
  });
  const unnamed = container({ labels: own, networksAdvanced: [{ name: UNKNOWN }], networkMode: undefined });
  expect(run(rule, [internal, unnamed])).toEqual({ verdicts: [], unknown: ["networksAdvanced.0.name"] });
});
