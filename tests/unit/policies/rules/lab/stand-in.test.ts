import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/lab/stand-in.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const digest = `@sha256:${"ab".repeat(32)}`;
const machine = (lab: unknown) => ({ type: "garrison:stack:Machine", name: "machine", properties: { lab } });
const standIn = container({ labels: labels({ "garrison.stand-in": "true" }) });

test("a stand-in needs a machine in lab mode", () => {
  expect(findings(rule, [standIn, machine(true)])).toEqual([]);
  for (const others of [[], [machine(false)], [machine(undefined)], [{ ...machine(true), type: "other:x:Machine" }]]) {
    expect(findings(rule, [standIn, ...others])).toEqual(["labels: a stand-in"]);
  }
});

test("neither a waiver nor a configuration opens it", () => {
  const waived = container({ labels: labels({ "garrison.stand-in": "true", "garrison.waivers": "lab.stand-in" }) });
  expect(findings(rule, [waived], { config: { waivableByLabel: true } })).toHaveLength(1);
});

test.each([
  "127.0.0.1:5000/garrison/x",
  "127.9.9.9/x",
  "localhost:5000/x",
  "localhost/x",
  "[::1]:5000/x",
  "registry.localhost:80/x",
])("%s is a local registry", (image) => {
  expect(findings(rule, [container({ image: image + digest })])).toHaveLength(1);
  expect(findings(rule, [container({ image: image + digest }), machine(true)])).toEqual([]);
});

test.each([
  "nginx",
  "library/nginx",
  "docker.io/library/localhost",
  "localhost.example.org/x",
  "127.example.org/x",
  "localhost",
])("%s is not", (image) => {
  expect(findings(rule, [container({ image: image + digest })])).toEqual([]);
});

test("an unknown lab mode is named", () => {
  expect(run(rule, [standIn, machine(UNKNOWN)])).toEqual({ verdicts: [], unknown: ["lab"] });
});
