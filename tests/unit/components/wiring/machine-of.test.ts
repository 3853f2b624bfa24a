import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { falkordb } from "#components/services/falkordb/service.ts";
import { searxng } from "#components/services/searxng/service.ts";
import { valkey } from "#components/services/valkey/service.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { group } from "#components/wiring/group.ts";
import type { Group } from "#components/wiring/group.ts";
import { machine } from "#components/wiring/machine-of.ts";
import { NO_NUMBERS, unnumbered, withNumbers } from "#components/wiring/number-lock.ts";
import { aClient, facts, filesIn, wired } from "#tests/support/wired.ts";
import { anInput, lockOf, settings } from "../machine/example.ts";

/** A service that listens, and asks these others. */
function server(name: string, asks: readonly Endpoint[] = []): Endpoint<"test"> {
  return define(name, {
    uses: Object.fromEntries(asks.map((to) => [to.name, { to, why: `${name} asks ${to.name}` }])),
    serves: { speaks: "test", port: 8080 },
    facts: (self) => {
      for (const to of asks) self.use(to.name);
      return facts();
    },
  });
}

/** What is wrong with a machine's wiring, one line each. */
function said(services: readonly Service[], groups: readonly Group[] = [], numbers = "/no/such/file"): string[] {
  const own = machine("office", { services, groups, numbers });
  // Two of one name have no plan of networks.
  const context = { settings, networks: [], flows: own.flows, allowed: own.allowed };
  return (own.wiring?.problems(context, new Set(services.map(({ name }) => name))) ?? []).map(
    ({ property, found }) => `${property}: ${found}`,
  );
}

test.each(["constructor", "valueof", "hasownproperty"])("a service may be named %s", (name) => {
  const wanted = { services: [name], networks: [{ key: name, suggestion: name }] };
  expect(unnumbered(NO_NUMBERS, wanted)).toEqual([name, name]);
  const lock = withNumbers(NO_NUMBERS, wanted);
  expect(lock).toEqual({ services: { [name]: 1 }, networks: { [name]: { name, number: 1 } } });
});

describe("what follows from handles", () => {
  test("two searches with a cache each behind one proxy are told apart", () => {
    const out = egressProxy("out");
    const [fast, slow] = ["fast", "slow"].map((name) => {
      const cache = valkey(`${name}-cache`);
      return { cache, search: searxng(name, { cache, out, engines: ["www.mojeek.com"] }) };
    });
    if (fast === undefined || slow === undefined) throw new Error("there are two");
    const own = wired([out, fast.cache, fast.search, slow.cache, slow.search]);
    expect(own.secrets.map(({ name }) => name).sort()).toEqual([
      "fast-cache-fast",
      "fast-key",
      "slow-cache-slow",
      "slow-key",
    ]);
    expect(filesIn(own, "fast")["/etc/searxng/settings.yml"]).toContain("@fast-cache:6379/0");
    expect(filesIn(own, "slow-cache")["/etc/valkey/users.acl"]).toMatch(/^user slow on #@\{secret:slow-cache-slow:/m);
    expect(filesIn(own, "slow-cache")["/etc/valkey/users.acl"]).not.toContain("fast");
    const plan = planMachine(
      anInput({
        definition: own,
        images: lockOf("searxng", "valkey", "egress-proxy"),
      }),
    );
    expect(plan.containers.map(({ name, after }) => [name, after])).toContainEqual(["slow", ["slow-cache"]]);
    expect(plan.volumes.map(({ volume }) => volume)).toContain("office-slow-cache-data");
  });

  /** Up to eight services; each asks some of those before it, and some share a network. */
  const estates = fc
    .array(fc.array(fc.nat({ max: 7 }), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
    .chain((asks) =>
      fc.record({
        asks: fc.constant(asks),
        together: fc.uniqueArray(fc.nat({ max: asks.length - 1 }), { maxLength: 4 }),
      }),
    );

  test("who reaches whom is who was handed whom, exactly, whether on networks of their own or of a group", () => {
    fc.assert(
      fc.property(estates, ({ asks, together }) => {
        const services: Endpoint<"test">[] = [];
        const wanted = new Set<string>();
        for (const [index, own] of asks.entries()) {
          const others = [...new Set(own.filter((other) => other < index))].flatMap((other) => services[other] ?? []);
          for (const other of others) wanted.add(`s${String(index)} ${other.name}`);
          services.push(server(`s${String(index)}`, others));
        }
        // A group whose members all know each other: others would meet whom nothing leads to, and that is refused.
        const members = together.flatMap((index) => services[index] ?? []);
        const know = (one: Service, two: Service) =>
          wanted.has(`${one.name} ${two.name}`) || wanted.has(`${two.name} ${one.name}`);
        const all = members.length > 1 && members.every((one) => members.every((two) => one === two || know(one, two)));
        const own = wired(services, all ? [group("all", "they talk", members)] : []);
        const reach = machineReachability(own, settings);
        for (const from of services)
          for (const to of services) {
            if (from === to) continue;
            const answer = reach.ask(from.name, to.name, { number: 8080, protocol: "tcp" });
            const pair = `${from.name} ${to.name}`;
            expect(answer.reachable, pair).toBe(wanted.has(pair));
          }
        for (const { members: ends } of own.networks) expect(ends.length === 2 || all).toBe(true);
      }),
    );
  });

  test("a wire to the wrong socket does not compile", () => {
    const out = egressProxy("out");
    // @ts-expect-error: a forward proxy is no cache.
    expect(searxng("search", { cache: out, out, engines: [] }).name).toBe("search");
  });
});

describe("what is refused", () => {
  test("a handle of somebody who is not on the machine, and of another of the same name", () => {
    const cache = server("cache");
    expect(said([server("page", [cache])])).toEqual(["services.page.cache: cache, which is not on the machine"]);
    expect(said([server("page", [cache]), server("cache")])).toEqual([
      "services.page.cache: another cache than the machine's",
    ]);
  });

  test("a kind placed twice under one name", () => {
    expect(said([server("page"), server("page")])).toEqual(["services.page: 2 services of this name"]);
  });

  test("a handle that nothing looks up, unless somebody else has the client ask", () => {
    const cache = server("cache");
    const idle = (configuredBy?: string): Service =>
      define("page", {
        uses: { cache: { to: cache, why: "for nothing", ...(configuredBy !== undefined && { configuredBy }) } },
        facts: () => facts(),
      });
    expect(said([cache, idle()])).toEqual([
      "services.page.cache: the handle of cache, which the configuration of page never uses",
    ]);
    expect(said([cache, idle("a person")])).toEqual([]);
  });

  test("hosts to ask somebody for who is no proxy, and a database that nobody asks", () => {
    const cache = server("cache");
    const hosts = [{ hosts: ["example.org"], why: "pages" }];
    expect(said([cache, aClient("page", { cache: { to: cache, why: "it reads", hosts } })])).toEqual([
      "services.page.cache.hosts: hosts to ask cache for, which is no forward proxy",
    ]);
    expect(said([falkordb("graph")])).toEqual(["services.graph: no client"]);
  });

  test("a name that means somebody else, and a wire that is more than a word", () => {
    expect(said([server("host"), server("default"), server("localhost")])).toEqual([
      "services.host: the name of a place outside the machine's containers",
      "services.default: the name of whoever has not logged in, to Redis",
      "services.localhost: the name of itself, to every container",
    ]);
    const page = server("page");
    expect(said([page, aClient("front", { "x; } server {": { to: page, why: "people open it" } })])).toEqual([
      'services.front: a wire "x; } server {"',
    ]);
  });

  test("a secret that two relations would share, by their names or by the lock", async () => {
    const [cache, longer] = [valkey("cache"), valkey("cache-a")];
    const first = aClient("a-b", { cache: { to: cache, why: "it reads" } });
    expect(said([cache, longer, first, aClient("b", { cache: { to: longer, why: "it reads" } })])).toEqual([
      "secrets.cache-a-b: the name for a-b -> cache and b -> cache-a",
    ]);
    const directory = await mkdtemp(join(tmpdir(), "garrison-secrets-"));
    const lock = join(directory, "numbers.json");
    await writeFile(lock, '{"services":{},"networks":{},"secrets":{"a-b -> cache":"one","b -> cache":"one"}}');
    expect(said([cache, first, aClient("b", { cache: { to: cache, why: "it reads" } })], [], lock)).toEqual([
      "secrets.one: the name for a-b -> cache and b -> cache",
    ]);
    await rm(directory, { recursive: true });
  });

  test.each([
    ["* nopass", '"* nopass"'],
    ["a:*\nuser evil on nopass ~*", '"a:*\\nuser evil on nopass ~*"'],
    ["", '""'],
    ["*", '"*"'],
    ["b*", "b*, of which one has b:*"],
    ["b:c", "b:c, of which one has b:*"],
  ])("keys %j beside the keys of another client", (keys, found) => {
    const cache = valkey("cache");
    const one = aClient("one", { cache: { to: cache, why: "it reads", keys: "b:*" } });
    expect(said([cache, one, aClient("two", { cache: { to: cache, why: "it reads", keys } })])).toEqual([
      `services.two.cache.keys: ${found}`,
    ]);
    expect(said([cache, one, aClient("two", { cache: { to: cache, why: "it reads", keys: "bc:*" } })])).toEqual([]);
  });

  test("keys of somebody who has none", () => {
    const page = server("page");
    expect(said([page, aClient("client", { page: { to: page, why: "it reads", keys: "a:*" } })])).toEqual([
      "services.client.page.keys: keys of page, which is no Redis",
    ]);
  });

  test("an excuse that says nothing, and one beside a handle that is used", () => {
    const page = server("page");
    const excused = (configuredBy: string, uses: boolean) =>
      define("client", {
        uses: { page: { to: page, why: "it reads", configuredBy } },
        facts: (self) => {
          if (uses) self.use("page");
          return facts();
        },
      });
    expect(said([page, excused(" ", false)])).toEqual(['services.client.page.configuredBy: " "']);
    expect(said([page, excused("its own image", true)])).toEqual([
      "services.client.page.configuredBy: a handle that our configuration uses",
    ]);
  });

  test("a group of one, of strangers, and one that joins a proxy", () => {
    const page = server("page");
    const out = egressProxy("out");
    const client = aClient("client", {
      out: { to: out, why: "it asks", hosts: [{ hosts: ["example.org"], why: "pages" }] },
    });
    expect(said([page], [group("alone", "why", [page])])).toEqual(["groups.alone: 1 members"]);
    expect(said([page], [group("both", "why", [page, server("guest")])])).toEqual([
      "groups.both: guest, which is not on the machine",
    ]);
    expect(said([client, out], [group("both", "why", [client, out])])).toEqual([
      "groups.both: the proxy out, through which all of them would get out",
    ]);
  });
});

describe("numbers", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "garrison-numbers-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function file(text: string): Promise<string> {
    const path = join(directory, "numbers.json");
    await writeFile(path, text);
    return path;
  }

  test("stay whose they are when others come and go", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), (machines) => {
        let lock = NO_NUMBERS;
        const given = new Map<number, string>();
        for (const services of machines) {
          const networks = services.map((key) => ({ key: `${key} -> outside`, suggestion: "same" }));
          lock = withNumbers(lock, { services, networks });
          for (const [name, number] of Object.entries(lock.services)) {
            expect(given.get(number) ?? name).toBe(name);
            given.set(number, name);
          }
          const all = Object.values(lock.networks);
          expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
          expect(new Set(all.map(({ number }) => number)).size).toBe(all.length);
        }
      }),
    );
  });

  test("that are missing are told with the command that gives them, and everything else that is wrong beside them", async () => {
    const cache = server("cache");
    const own = machine("office", {
      services: [server("page", [cache])],
      numbers: await file('{"services":{},"networks":{}}'),
    });
    expect(() => planMachine(anInput({ definition: own, images: lockOf("any") }))).toThrow(
      /numbers\.page: found nothing.*\n +type: npm run numbers -- office[^]*numbers\.page -> cache: found nothing[^]*services\.page\.cache: found cache, which is not on the machine/,
    );
  });

  test.each([
    ["no JSON", "{", /numbers: found no JSON/],
    [
      "a number twice",
      '{"services":{"page":1,"gone":1},"networks":{}}',
      /numbers\.services: found 1 given to page and gone/,
    ],
    [
      "a network twice",
      '{"services":{"page":1},"networks":{"a -> b":{"name":"x","number":1},"b -> c":{"name":"x","number":2}}}',
      /numbers\.networks: found x given to a -> b and b -> c/,
    ],
    ["words for numbers", '{"services":{"page":"one"},"networks":{}}', /numbers\.services\.page: found/],
  ])("%s: refused with the rest of the plan", async (_, text, expected) => {
    const own = machine("office", { services: [server("page")], numbers: await file(text) });
    expect(() => planMachine(anInput({ definition: own, images: lockOf("any") }))).toThrow(expected);
    // Addresses that follow from other numbers would be nobody's.
    expect(() => machineReachability(own, settings)).toThrow(expected);
  });

  test("beyond a subnet of 60 services are told with the size that has room, and fit into it", async () => {
    const numbers = await file(
      '{"services":{"page":61,"cache":2},"networks":{"page -> cache":{"name":"n","number":1}}}',
    );
    const cache = server("cache");
    const spec = { services: [server("page", [cache]), cache], numbers };
    const plan = (definition: MachineDefinition) => planMachine(anInput({ definition, images: lockOf("any") }));
    expect(() => plan(machine("office", spec))).toThrow(/services\.page\.number: .*; subnetPrefix 25 has room for it/);
    const [network] = plan(machine("office", { ...spec, subnetPrefix: 25 })).networks;
    expect(network).toMatchObject({ subnet: "10.77.0.128/25", addresses: { page: "10.77.0.190" } });
  });

  test("that cannot be read are no reason to give everybody another", () => {
    const own = machine("office", { services: [server("page")], numbers: directory });
    expect(own.wiring?.numbers.problems.map(({ property, found }) => `${property}: ${found}`)).toEqual([
      expect.stringMatching(/^numbers: EISDIR/),
    ]);
  });
});
