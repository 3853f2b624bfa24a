import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/published-ports.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const published = (port: object) => onContainer(rule, { ports: [{ internal: 8080, external: 18080, ...port }] });

test.each([undefined, "", " ", "*", "0.0.0.0", "::", "[::]", "0:0::0", "::ffff:0.0.0.0"])(
  "%j is every address",
  (ip) => {
    expect(published({ ip })).toEqual([expect.stringMatching(/^ports\.0\.ip: .*every address$/)]);
  },
);

test.each(["127.0.0.1", "127.0.0.53", "::1", "192.0.2.7", "fd00::1", "not an address"])("%j is one", (ip) => {
  expect(published({ ip })).toEqual([]);
});

test.each([1, 22, 80, 443, 1023, "443"])("port %j is privileged", (external) => {
  expect(published({ ip: "127.0.0.1", external })).toEqual([`ports.0.external: ${String(external)}`]);
});

test.each([undefined, 0, 1024, 65535])("port %j is not", (external) => {
  expect(published({ ip: "127.0.0.1", external })).toEqual([]);
});

test("every flaw of every port is named", () => {
  const ports = [{ internal: 80, external: 80 }, { internal: 81, external: 8081, ip: "127.0.0.1" }, { internal: 82 }];
  expect(onContainer(rule, { ports, publishAllPorts: "true" }).map((line) => line.split(":")[0])).toEqual([
    "ports.0.ip",
    "ports.0.external",
    "ports.2.ip",
    "publishAllPorts",
  ]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ ports: [{ internal: 80, ip: UNKNOWN }] })])).toEqual({
    verdicts: [],
    unknown: ["ports.0.ip"],
  });
});
