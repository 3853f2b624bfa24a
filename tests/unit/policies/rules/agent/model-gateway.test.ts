import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/model-gateway.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { program } = scene("t");
const published = (ip: unknown, role = "model") =>
  findings(rule, [program(role, [], { ports: [{ internal: 8000, external: 8000, ip }] })]);

test.each([undefined, "", "0.0.0.0", "::", "[::]", "192.0.2.1", "8.8.8.8", "172.32.0.1", "2001:db8::1", "100.1.1.1"])(
  "finds the address %j",
  (ip) => {
    expect(published(ip)).toHaveLength(1);
  },
);

test.each([
  "127.0.0.1",
  "127.1.2.3",
  "::1",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "100.64.1.1",
  "fd00::1",
  "::ffff:10.0.0.1",
  UNKNOWN,
])("accepts the address %j", (ip) => {
  expect(published(ip)).toEqual([]);
});

test.each(["gateway", "model-gateway", "model"])("judges a %s", (role) => {
  expect(published("0.0.0.0", role)).toHaveLength(1);
  expect(findings(rule, [program(role, [], { networkMode: "host" })])).toEqual(["networkMode: the host's network"]);
});

test("judges nobody else", () => {
  expect(published("0.0.0.0", "other")).toEqual([]);
});

test("says which address it is", () => {
  expect(published("192.0.2.1")).toEqual(['ports.0.ip: "192.0.2.1"']);
  expect(published(undefined)).toEqual(["ports.0.ip: every address of the host"]);
});
