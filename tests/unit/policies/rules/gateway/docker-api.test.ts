import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/gateway/docker-api.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { agent, declares, network, program } = scene("t");
const socket = { mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/s" }] };
const beside = [network("api"), program("other", ["api"], socket)];

test("finds the socket beside the gateway, and its own", () => {
  expect(findings(rule, [...beside, program("gateway", ["api"])])).toEqual([
    'networksAdvanced.0.name: a way to "t-other", which has "/run/docker.sock", a control socket',
  ]);
  expect(findings(rule, [program("gateway", [], socket)])).toHaveLength(1);
  expect(findings(rule, [program("gateway", [], { envs: ["DOCKER_HOST=unix:///x"] })])).toHaveLength(1);
});

test("knows the gateway by declaration as well", () => {
  const resources = [...beside, program("x", ["api"], { labels: [] }, "gateway")];
  expect(findings(rule, resources)).toEqual([]);
  expect(findings(rule, [...resources, declares({}, { gateway: { role: "gateway" } })])).toHaveLength(1);
});

test("a gateway elsewhere is in order; an agent's way is another rule's", () => {
  expect(findings(rule, [...beside, network("far"), program("gateway", ["far"])])).toEqual([]);
  const both = agent(socket);
  expect(findings(rule, [both, declares({}, { agent: { role: "gateway" } })])).toEqual([]);
});

test("a label waives it", () => {
  const waived = { labels: labels({ "garrison.role": "gateway", "garrison.waivers": rule.id }), ...socket };
  expect(findings(rule, [program("gateway", [], waived)])).toEqual([]);
});
