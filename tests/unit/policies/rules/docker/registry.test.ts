import { expect, test } from "vitest";

import { rule } from "#policies/rules/docker/registry.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const on = (type: string, properties: Record<string, unknown>) => findings(rule, [{ type, name: "x", properties }]);

test.each([
  ["docker:index/registryImage:RegistryImage", { authConfig: { address: "http://r.example" } }, "authConfig.address"],
  ["docker:index/image:Image", { registry: { server: "HTTP://r.example" } }, "registry.server"],
  ["docker-build:index:Image", { registries: [{ address: "http://r.example" }] }, "registries.0.address"],
  ["docker-build:index:Index", { registry: { address: "http://r.example" } }, "registry.address"],
  ["docker:index/service:Service", { auth: { serverAddress: "http://r.example" } }, "auth.serverAddress"],
  ["pulumi:providers:docker", { registryAuth: [{ address: "http://r.example" }] }, "registryAuth.0.address"],
  ["pulumi:providers:docker", { registryAuth: '[{"address": "http://r.example"}]' }, "registryAuth"],
])("%s with %j", (type, properties, property) => {
  expect(on(type, properties).map((one) => one.split(": ")[0])).toEqual([property]);
});

test.each([
  ["docker:index/image:Image", { registry: { server: "r.example", username: "http://not-an-address" } }],
  ["docker:index/image:Image", { registry: { server: "http://localhost:5000" } }],
  ["docker:index/image:Image", { registry: { server: "http://[::1]:5000" } }],
  ["pulumi:providers:docker", { registryAuth: '[{"address": "https://r.example"}]' }],
])("%s with %j is in order", (type, properties) => {
  expect(on(type, properties)).toEqual([]);
});

test("a name that only begins like the loopback is none", () => {
  expect(on("docker:index/image:Image", { registry: { server: "http://localhost.example" } })).toHaveLength(1);
});

test("nothing is concluded from what preview cannot know", () => {
  const properties = { authConfig: UNKNOWN, insecureSkipVerify: UNKNOWN };
  const type = "docker:index/registryImage:RegistryImage";
  expect(run(rule, [{ type, name: "x", properties }]).verdicts).toEqual([]);
});
