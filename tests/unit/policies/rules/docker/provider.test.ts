import { expect, test } from "vitest";

import { rule } from "#policies/rules/docker/provider.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const provider = (properties: Record<string, unknown>, secrets: string[] = []) => [
  { type: "pulumi:providers:docker", name: "x", properties, secrets },
];
const auth = (password?: string) => [{ address: "registry.example", username: "u", ...(password && { password }) }];

test.each(["tcp://192.0.2.1:2375", "TCP://host:2376", "http://host"])("%s needs a certificate", (host) => {
  expect(findings(rule, provider({ host }))).toEqual([`host: ${JSON.stringify(host)}, without a certificate`]);
  for (const name of ["certPath", "certMaterial", "keyMaterial", "caMaterial"]) {
    expect(findings(rule, provider({ host, [name]: "x" }))).toEqual([]);
  }
  expect(findings(rule, provider({ host, certPath: "" }))).toHaveLength(1);
});

test.each([undefined, "", "unix:///run/docker.sock", "ssh://u@host", "npipe:////./pipe/docker_engine"])(
  "%j needs none",
  (host) => {
    expect(findings(rule, provider({ host }))).toEqual([]);
  },
);

test("a registry's password is a secret, as a list and as the text that the engine makes of it", () => {
  expect(findings(rule, provider({ registryAuth: auth("p") }))).toEqual([
    "registryAuth.0.password: a password in clear",
  ]);
  expect(findings(rule, provider({ registryAuth: JSON.stringify(auth("p")) }))).toEqual([
    "registryAuth: a password in clear",
  ]);
  expect(findings(rule, provider({ registryAuth: auth("p") }, ["registryAuth.0.password"]))).toEqual([]);
  expect(findings(rule, provider({ registryAuth: auth("p") }, ["registryAuth"]))).toEqual([]);
  expect(findings(rule, provider({ registryAuth: JSON.stringify(auth("p")) }, ["registryAuth"]))).toEqual([]);
  expect(findings(rule, provider({ registryAuth: auth() }))).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, provider({ host: UNKNOWN, registryAuth: UNKNOWN })).verdicts).toEqual([]);
  expect(run(rule, provider({ host: "tcp://x", certPath: UNKNOWN })).verdicts).toEqual([]);
});
