import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceFiles } from "#components/files/plan-files.ts";
import { serversFirst } from "#components/machine/servers-first.ts";
import { flow } from "#components/network/flow.ts";

function holding(service: string, ...secrets: string[]): ServiceFiles {
  return { service, user: { uid: 1, gid: 1 }, directories: [], secrets };
}

test("a client waits for the server with which it shares a secret, and for no other", () => {
  const flows = [
    flow("search", "cache", 6379, "shares the password"),
    flow("search", "proxy", 3128, "shares nothing"),
    flow("gateway", "search", 8080, "shares nothing"),
    flow("lan", "search", 8080, "is no container"),
  ];
  const files = [holding("cache", "password"), holding("search", "password", "key"), holding("gateway", "token")];
  expect([...serversFirst(flows, files)]).toEqual([["search", ["cache"]]]);
});

test("two that begin connections to each other do not wait for each other", () => {
  const flows = [flow("a", "b", 1, "first"), flow("b", "a", 1, "second")];
  expect([...serversFirst(flows, [holding("a", "s"), holding("b", "s")])]).toEqual([["a", ["b"]]]);
});

test("nobody ever waits for itself, however long the circle", () => {
  const names = ["a", "b", "c", "d", "e"];
  const name = fc.constantFrom(...names);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 20 }), (pairs) => {
      const flows = pairs.map(([from, to]) => flow(from, to, 1, "a test"));
      const servers = serversFirst(
        flows,
        names.map((own) => holding(own, "shared")),
      );
      const reach = (from: string, seen = new Set<string>()): Set<string> => {
        for (const next of servers.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
        return seen;
      };
      for (const own of names) expect(reach(own).has(own)).toBe(false);
      // Whoever shares a secret is before or behind the other.
      for (const [from, to] of pairs) if (from !== to) expect(reach(from).has(to) || reach(to).has(from)).toBe(true);
    }),
  );
});
