import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { flawOfHost, flawOfResolver } from "#containment/name-owners.ts";
import { openResource } from "#policies/lib/resource.ts";
import { defaultSettings } from "#policies/lib/settings.ts";
import { rule } from "#policies/rules/container/name-resolution.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  ["api.anthropic.com", "192.0.2.9"],
  ["API.OpenAI.com.", "10.0.0.9"],
  ["ghcr.io", "2001:db8::9"],
  ["registry-1.docker.io", "host-gateway"],
  ["anything", "169.254.169.254"],
  ["anything", "[fd00:ec2::254]"],
])("%s for %s", (name, address) => {
  expect(flawOfHost(name, address)).toBeDefined();
});

test.each([
  ["host.docker.internal", "host-gateway"],
  ["api.anthropic.com", "127.0.0.1"],
  ["api.anthropic.com", "::1"],
  ["telemetry.github.com", "0.0.0.0"],
  ["not-anthropic.com", "192.0.2.9"],
  ["anthropic.com.example", "192.0.2.9"],
  ["db.example.org", "10.0.0.5"],
  ["", ""],
])("%s for %s is nobody else's", (name, address) => {
  expect(flawOfHost(name, address)).toBeUndefined();
});

test.each(["192.0.2.66", "203.0.113.1", "2001:db8::53", "[2001:db8::53]"])("the resolver %s", (address) => {
  expect(flawOfResolver(address)).toBeDefined();
});

test.each(["1.1.1.1", "2606:4700:4700:0:0:0:0:1111", "192.168.0.1", "127.0.0.53", "fd00::53", "resolver", ""])(
  "the resolver %s is known or near",
  (address) => {
    expect(flawOfResolver(address)).toBeUndefined();
  },
);

test("the property is named, and what is unknown passes", () => {
  expect(onContainer(rule, { dns: ["9.9.9.9", "192.0.2.66"] })).toEqual([
    'dns.1: "192.0.2.66", a resolver that nobody knows',
  ]);
  expect(run(rule, [container({ dns: [UNKNOWN], hosts: [{ host: "github.com", ip: UNKNOWN }] })]).verdicts).toEqual([]);
});

test("a resolver of one's own is named in the settings", () => {
  const found = (resolvers: readonly string[]) =>
    onContainer(rule, { dns: ["192.0.2.66"] }, { settings: { resolvers } });
  expect(found(["192.0.2.66"])).toEqual([]);
  expect(found(["192.0.2.67"])).toHaveLength(1);
});

test("what a program may call its resources exempts none of them", () => {
  const props = { dns: ["192.0.2.66"], hosts: [{ host: "github.com", ip: "192.0.2.9" }] };
  const found = (chain: string, name = "web") => {
    const urn = `urn:pulumi:office::garrison::${chain}::${name}`;
    const resource = openResource({ urn, type: "docker:index/container:Container", name: "web", props });
    const context = { rules: [rule], config: {}, configs: new Map(), settings: defaultSettings };
    return (rule.check?.(resource, context) ?? []).map(({ property }) => property);
  };
  const both = ["hosts.0.ip", "dns.0"];
  expect(found("docker:index/container:Container")).toEqual(both);
  expect(found("docker:index/container:Container", "garrison:container:HardenedContainer$web")).toEqual(both);
  expect(found("garrison:container:HardenedContainer$docker:index/container:Container")).toEqual(both);
});
