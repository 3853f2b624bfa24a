import { expect, test } from "vitest";

import { application, routes } from "#policies/lib/cloudflare-examples.ts";
import { rule } from "#policies/rules/cloudflare/access.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const route = (hostname: string, path?: string) => routes("tunnel", [{ hostname, path, service: "http://web" }]);
const policy = (id: string, decision: string) => ({
  type: "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
  name: id,
  properties: { id, decision },
});

test.each([
  ["a.b.c", undefined, "a.b.c"],
  ["A.b.c", undefined, "https://a.B.c/"],
  ["a.b.c", undefined, "*.b.c"],
  ["app-1.b.c", undefined, "app-*.b.c"],
  ["*.b.c", undefined, "*.b.c"],
  ["a.b.c", "^/admin", "a.b.c/admin"],
  ["a.b.c", "/admin/users", "a.b.c/admin/*"],
])("a route to %s %s is guarded by %s", (hostname, path, uri) => {
  expect(findings(rule, [route(hostname, path), application("app", uri)])).toEqual([]);
});

test.each([
  ["b.c", undefined, "*.b.c"],
  ["x.a.b.c", undefined, "*.b.c"],
  ["*.b.c", undefined, "a.b.c"],
  ["a.b.c", "admin", "a.b.c/admin"],
  ["a.b.c", "/administration", "a.b.c/admin"],
  ["a.b.c", undefined, "a.b.c/admin"],
])("a route to %s %s is not guarded by %s", (hostname, path, uri) => {
  expect(findings(rule, [route(hostname, path), application("app", uri)])).toHaveLength(1);
});

test.each([
  ["allow", 0],
  ["bypass", 1],
])("a policy of its own with decision %s gives %i", (decision, count) => {
  const app = application("app", "a.b.c", { policies: [{ id: "p" }] });
  expect(findings(rule, [route("a.b.c"), app, policy("p", decision)])).toHaveLength(count);
});

test("nothing is concluded from what is not known", () => {
  const app = (changes: object) => application("app", "x.y.z", changes);
  expect(run(rule, [route(UNKNOWN)]).verdicts).toEqual([]);
  expect(run(rule, [route("a.b.c"), app({ domain: UNKNOWN })]).verdicts).toEqual([]);
  expect(run(rule, [route("a.b.c"), application("app", "a.b.c", { policies: [{ id: UNKNOWN }] })]).verdicts).toEqual(
    [],
  );
});
