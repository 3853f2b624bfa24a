import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderRules } from "#components/firewall/render-rules.ts";
import type { HostDefinition } from "#components/host/bundle/host-spec.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { matrix } from "#components/network/matrix.ts";
import { ROOT_ALONE } from "#components/network/reachability.ts";
import { authelia } from "#components/services/authelia/service.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { flowise } from "#components/services/flowise/service.ts";
import { n8n } from "#components/services/n8n/service.ts";
import { automationSettings } from "#components/services/n8n/settings.ts";
import { siteSettings } from "#components/services/site.ts";
import { valkey } from "#components/services/valkey/service.ts";
import type { Settings } from "#components/settings/settings.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { hostProgram } from "#components/wiring/host-program.ts";
import type { HostProgram, ProgramUse } from "#components/wiring/host-program.ts";
import { otherMachine, remote } from "#components/wiring/other-machine.ts";
import { facts, wired } from "#tests/support/wired.ts";
import { anInput, lockOf, officeHost, settings } from "../machine/example.ts";

const configured: Partial<Settings> = { host: officeHost };

/** A service that listens, and asks these others. */
function server(name: string, asks: readonly Endpoint[] = [], image = "any"): Endpoint<"test"> {
  return define(name, {
    uses: Object.fromEntries(asks.map((to) => [to.name, { to, why: `${name} asks ${to.name}` }])),
    serves: { speaks: "test", port: 8080 },
    facts: () => facts({ image }),
    files: (self) => ({
      "/etc/test/asks": asks.flatMap((to) => (self.has(to.name) ? self.use(to.name).url : [])).join(" "),
      "/etc/test/asked": JSON.stringify(self.clients().map((one) => [one.name, one.addresses])),
    }),
  });
}

/** A web server of the machine that hands on to all of these, as nginx does. */
function web(name: string, uses: Readonly<Record<string, ProgramUse>>, account = 33): HostProgram {
  return hostProgram(name, {
    uses,
    account,
    configure: (self) => ({
      nginx: {
        sites: Object.fromEntries(
          Object.keys(uses).flatMap((wire) =>
            self.has(wire) ? [[`${name}-${wire}`, `proxy_pass ${self.use(wire).url};`]] : [],
          ),
        ),
      },
    }),
  });
}

function withPrograms(services: readonly Service[], programs: readonly HostProgram[]): MachineDefinition {
  return wired(services, [], [], { programs });
}

function planOf(definition: MachineDefinition, changes: Partial<Settings> = configured): MachinePlan {
  const images = lockOf("any", "valkey", "authelia", "n8n", "flowise", "egress-proxy");
  const given = new Map([["loginUsers", "secret"] as const]);
  return planMachine(anInput({ definition, images, given, settings: { ...settings, ...changes } }));
}

function fileOf(plan: MachinePlan, service: string, name: string): string | undefined {
  const own = plan.files.find((one) => one.service === service);
  return own?.directories.flatMap(({ files }) => files[name] ?? [])[0];
}

const rulesOf = (plan: MachinePlan) =>
  renderRules({ estate: "office", ...plan, resolvers: ["9.9.9.9"], publishAddress: "127.0.0.1" });

describe("a program of the machine that asks a container", () => {
  const wiki = server("wiki");
  const plan = planOf(withPrograms([wiki], [web("front", { wiki: { to: wiki, why: "people read" } })]));

  test("knows its address, which one account may ask, on a network of the two", () => {
    expect(plan.networks).toMatchObject([{ name: "front-wiki", internal: true, addresses: { wiki: "10.77.0.66" } }]);
    expect(plan.host?.nginx?.sites).toEqual({ "front-wiki": "proxy_pass http://10.77.0.66:8080;" });
    expect(plan.flows).toEqual([
      {
        from: "host",
        to: "wiki",
        ports: [{ number: 8080, protocol: "tcp" }],
        why: "people read",
        program: "front",
        network: "front-wiki",
        account: 33,
      },
    ]);
    expect(rulesOf(plan)).toContain('"office-01" . 10.77.0.66 . tcp . 8080 . 33');
    expect(rulesOf(plan)).toMatch(/set from-host \{ type [^;]+; \}/);
  });

  test("is its client by the machine's address of that network, and no other client is", () => {
    const other = web("other", { wiki: { to: wiki, why: "it is watched" } }, 34);
    const both = planOf(withPrograms([wiki], [web("front", { wiki: { to: wiki, why: "people read" } }), other]));
    expect(fileOf(both, "wiki", "asked")).toBe('[["front",["10.77.0.65"]],["other",["10.77.0.129"]]]');
    expect(both.host?.nginx?.sites).toEqual({
      "front-wiki": "proxy_pass http://10.77.0.66:8080;",
      "other-wiki": "proxy_pass http://10.77.0.130:8080;",
    });
  });

  test("goes without one that is switched off, if it asks whether it is there", () => {
    const late = server("late", [], "unbuilt");
    const own = withPrograms(
      [wiki, late],
      [web("front", { wiki: { to: wiki, why: "people read" }, late: { to: late, why: "people wait" } })],
    );
    const images = {
      images: {
        ...lockOf("any").images,
        unbuilt: { repository: null, tag: null, digest: null, missing: "nobody has built it" },
      },
    };
    const without = planMachine(anInput({ definition: own, images, settings: { ...settings, ...configured } }));
    expect(without.host?.nginx?.sites).toEqual({ "front-wiki": "proxy_pass http://10.77.0.66:8080;" });
    const stubborn = hostProgram("front", {
      uses: { late: { to: late, why: "people wait" } },
      configure: (self) => ({ nginx: { sites: { late: self.use("late").url } } }),
    });
    const plan = () =>
      planMachine(
        anInput({
          definition: withPrograms([wiki, late], [stubborn]),
          images,
          settings: { ...settings, ...configured },
        }),
      );
    expect(plan).toThrow("programs.front.late: found late, which is switched off");
  });

  test("is not let past a login that is switched off, whatever it asks", () => {
    const sessions = valkey("sessions");
    const login = authelia("login", { sessions, site: siteSettings("login"), protects: [] });
    const guarded = { to: wiki, why: "people read", authenticatedBy: login };
    const definition = withPrograms(
      [wiki, login, sessions],
      [web("front", { wiki: guarded, login: { to: login, why: "it asks who somebody is" } })],
    );
    const images = lockOf("any", "authelia", "valkey");
    const off =
      (...names: string[]) =>
      () =>
        planMachine(
          anInput({
            definition,
            images,
            settings: { ...settings, ...configured, services: Object.fromEntries(names.map((name) => [name, "off"])) },
          }),
        );
    expect(off("login", "sessions")).toThrow("programs.front.wiki.authenticatedBy: found login, which is switched off");
    expect(off("login", "sessions", "wiki")().containers).toEqual([]);
  });
});

test("what a program asks the settings for is read, and is one of the machine's settings", () => {
  const site = siteSettings("wiki");
  const wiki = server("wiki");
  const front = hostProgram("front", {
    uses: { wiki: { to: wiki, why: "people read" } },
    settings: [site],
    configure: (self) => ({
      nginx: { sites: { wiki: `${self.setting(site).domain ?? "none"} ${self.use("wiki").name}` } },
    }),
  });
  const own = withPrograms([wiki], [front]);
  expect(own.settings).toEqual([{ ...site, of: ["front"] }]);
  const told = { ...configured, wiki: { domain: "wiki.example.org" } };
  expect(planOf(own, told).host?.nginx?.sites).toEqual({ wiki: "wiki.example.org wiki" });
});

describe("a program of the machine that a container asks", () => {
  const metrics = hostProgram("metrics", {
    uses: {},
    serves: { speaks: "prometheus", port: 9100 },
    configure: (self) => ({
      files: [
        {
          path: "/etc/default/prometheus-node-exporter",
          content: [...self.addresses(), ...self.clients().flatMap(({ addresses }) => addresses)].join(" "),
        },
      ],
    }),
  });
  const watcher = server("watcher", [metrics]);
  const plan = planOf(withPrograms([watcher], [metrics]));

  test("is known by its name at the machine's address of a network of the two, on its port alone", () => {
    expect(fileOf(plan, "watcher", "asks")).toBe("http://metrics:9100");
    expect(plan.containers[0]?.container).toMatchObject({
      hosts: { metrics: "10.77.0.65" },
      networks: [{ name: "office-watcher-metrics", address: "10.77.0.66" }],
    });
    expect(plan.containers[0]?.container.waivers).toBeUndefined();
    expect(rulesOf(plan)).toContain('"office-01" . 10.77.0.66 . 10.77.0.65 . tcp . 9100');
  });

  test("knows at which addresses it is asked, and by whom", () => {
    expect(plan.host?.files?.map(({ content }) => content)).toEqual(["10.77.0.65 10.77.0.66"]);
  });
});

describe("an agent behind a login", () => {
  const out = egressProxy("out");
  const sessions = valkey("login-sessions");
  const login = authelia("login", {
    sessions,
    site: siteSettings("login"),
    protects: [{ site: siteSettings("drawing") }],
  });
  const hosts = [{ hosts: ["api.example.org"], why: "tickets" }];
  const agents = [
    n8n("workflows", { out, hosts, site: automationSettings("automation") }),
    flowise("drawing", { out, hosts, site: siteSettings("drawing") }),
  ] as const;
  const asks = (agent: Endpoint, authenticatedBy?: Endpoint): ProgramUse => ({
    to: agent,
    why: "people open it",
    ...(authenticatedBy !== undefined && { authenticatedBy }),
  });
  const own = (uses: Readonly<Record<string, ProgramUse>>) =>
    withPrograms([...agents, login, sessions, out], [web("front", uses)]);

  test.each(agents)("is asked by the machine's web server, which asks who somebody is: $name", (agent) => {
    const uses = { login: { to: login, why: "it asks who somebody is" }, agent: asks(agent, login) };
    const plan = planOf(own(uses));
    expect(plan.flows.find(({ to, from }) => from === "host" && to === agent.name)).toMatchObject({
      authenticatedBy: "login",
      account: 33,
    });
    const reach = machineReachability(own(uses), settings);
    const port = { number: agent.port, protocol: "tcp" } as const;
    const whys = reach.ask("host", agent.name, port);
    expect(whys.reachable && whys.ways.map(({ why }) => why)).toEqual([
      ROOT_ALONE,
      "the account 33 of the host: people open it",
    ]);
  });

  test.each(agents)("is asked by nobody without: $name", (agent) => {
    expect(() => planOf(own({ agent: asks(agent) }))).toThrow(`found a flow to the agent container ${agent.name}`);
    expect(() => planOf(own({ agent: asks(agent, login) }))).toThrow(
      "programs.front.agent.authenticatedBy: found login, whom the program never asks",
    );
    const wiki = { wiki: { to: sessions, why: "it asks" }, agent: asks(agent, sessions) };
    expect(() => planOf(own(wiki))).toThrow("found login-sessions, which authenticates nobody");
    const container = define("page", {
      uses: { agent: asks(agent, login) },
      facts: (self) => facts({ image: self.use("agent").name && "any" }),
    });
    const page = withPrograms([...agents, login, sessions, out, container], []);
    expect(() => planOf(page)).toThrow(
      /page -> \w+: found a flow to the agent container[^]*page -> \w+\.authenticatedBy: found login/,
    );
  });
});

describe("what is refused", () => {
  const wiki = server("wiki");
  const asksWiki = { wiki: { to: wiki, why: "people read" } };
  const metrics = hostProgram("metrics", { uses: {}, serves: { speaks: "prometheus", port: 9100 } });
  const idle = (configuredBy?: string) =>
    hostProgram("front", {
      uses: { wiki: { to: wiki, why: "for nothing", ...(configuredBy !== undefined && { configuredBy }) } },
    });
  const models = otherMachine("models", { owner: "platform", expires: "2027-06-30" });
  const with_ = (host: HostDefinition, name = "front") =>
    hostProgram(name, {
      uses: asksWiki,
      configure: (self) => ({ ...host, packages: [self.use("wiki").name] }),
    });
  const sites = { nginx: { sites: { one: "" } } };

  test.each<readonly [string, () => MachineDefinition, string]>([
    [
      "a handle that its configuration never uses",
      () => withPrograms([wiki], [idle()]),
      "programs.front.wiki: found the handle of wiki, which",
    ],
    [
      "one among the containers",
      () => wired([wiki, metrics]),
      "services.metrics: found a program of the machine itself",
    ],
    [
      "a container among the programs",
      () => withPrograms([wiki], [wiki as Service as HostProgram]),
      "programs.wiki: found a container",
    ],
    [
      "one that nobody asks and that asks nobody",
      () => withPrograms([wiki], [hostProgram("front", { uses: {} })]),
      "programs.front: found no relation",
    ],
    [
      "an account that begins nothing",
      () => withPrograms([server("page", [{ ...metrics }])], [{ ...metrics, program: { account: 33 } }]),
      "programs.metrics.account: found 33",
    ],
    [
      "an account that there is not",
      () => withPrograms([wiki], [web("front", asksWiki, -1)]),
      "flows.host -> wiki.account: found -1",
    ],
    [
      "another program of the machine",
      () => withPrograms([wiki], [web("front", { metrics: { to: metrics, why: "it looks" } }), metrics]),
      "programs.front.metrics: found metrics, a program of the machine too",
    ],
    [
      "a program that is not on the machine",
      () => withPrograms([server("page", [metrics])], []),
      "services.page.metrics: found metrics, which is not on the machine",
    ],
    [
      "another machine",
      () => withPrograms([wiki], [web("front", { models: { to: remote(models, "openai", 8000), why: "it asks" } })]),
      "programs.front.models: found models, another machine",
    ],
    [
      "a way out",
      () => {
        const out = egressProxy("out");
        return withPrograms([out], [web("front", { out: { to: out, why: "it asks" } })]);
      },
      "programs.front.out: found the proxy out",
    ],
    [
      "somebody who lets nobody in without a secret",
      () => {
        const cache = valkey("cache");
        return withPrograms([cache], [web("front", { cache: { to: cache, why: "it asks" } })]);
      },
      "programs.front.cache: found cache, which lets nobody in without a secret",
    ],
    [
      "the name of a service",
      () => withPrograms([wiki], [web("wiki", asksWiki)]),
      "services.wiki: found 2 services of this name",
    ],
    [
      "a site that two have",
      () => withPrograms([wiki], [with_(sites), with_(sites, "other")]),
      "programs.nginx.sites.one: found one of front and other",
    ],
    [
      "a kernel setting that the machine has",
      () => ({
        ...withPrograms([wiki], [with_({ sysctl: { "net.ipv4.ip_nonlocal_bind": "1" } })]),
        host: { sysctl: { "net.ipv4.ip_nonlocal_bind": "0" } },
      }),
      "programs.sysctl.net.ipv4.ip_nonlocal_bind: found one of host and front",
    ],
  ])("%s", (_, own, expected) => {
    expect(() => planOf(own())).toThrow(expected);
  });

  test("a configuration that nobody writes; one of somebody else's is none", () => {
    const written = withPrograms([wiki], [web("front", asksWiki)]);
    expect(() => planOf(written, {})).toThrow(
      "programs.front: found a configuration of the machine, which nobody writes; expected garrison:host",
    );
    expect(planOf(withPrograms([wiki], [idle("a person, by hand")]), {}).flows).toHaveLength(1);
  });

  test("a server that is none: what the machine's program serves is typed as a service's is", () => {
    // @ts-expect-error: what measures is no cache.
    const wrong: Endpoint<"redis"> = metrics;
    expect(wrong.speaks).toBe("prometheus");
  });
});

test("who asks whom is who was handed whom, exactly, in both directions; and the host's rules open no more", () => {
  const sets = fc.array(
    fc.record({
      account: fc.integer({ min: 1, max: 99 }),
      asks: fc.subarray([0, 1, 2]),
      askedBy: fc.subarray([0, 1, 2]),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(sets, (all) => {
      const answering = all.map((_, index) =>
        hostProgram(`a${String(index)}`, { uses: {}, serves: { speaks: "test", port: 9000 + index } }),
      );
      const services = [0, 1, 2].map((index) =>
        server(
          `s${String(index)}`,
          answering.filter((_, own) => all[own]?.askedBy.includes(index)),
        ),
      );
      const asking = all.map(({ asks, account }, index) =>
        web(
          `b${String(index)}`,
          Object.fromEntries(
            asks.flatMap((own) => {
              const to = services[own];
              return to === undefined ? [] : [[to.name, { to, why: `b${String(index)}` }]];
            }),
          ),
          account,
        ),
      );
      const programs = [...answering, ...asking];
      const own = withPrograms(services, programs);
      const reach = machineReachability(own, settings);
      const wantedOut = all.flatMap(({ askedBy }, index) =>
        askedBy.map((service) => `s${String(service)} host ${String(9000 + index)}`),
      );
      const found = [...matrix(reach)].filter(({ from, answer }) => from !== "host" && answer.reachable);
      expect(found.map(({ from, to, port }) => `${from} ${to} ${String(port.number)}`).sort()).toEqual(
        [...new Set(wantedOut)].sort(),
      );
      const wantedIn = all.flatMap(({ asks, account }, index) =>
        asks.map((service) => `s${String(service)} account ${String(account)} b${String(index)}`),
      );
      const opened = services.flatMap(({ name }) => {
        if (!own.networks.some(({ members }) => members.includes(name))) return [];
        const answer = reach.ask("host", name, { number: 8080, protocol: "tcp" });
        const whys = answer.reachable ? answer.ways.map(({ why }) => why) : [];
        return whys.flatMap((why) => {
          const [, account = "", who = ""] = /^the account (\d+) of the host: (b\d)$/.exec(why) ?? [];
          return why === ROOT_ALONE ? [] : [`${name} account ${account} ${who}`];
        });
      });
      expect(opened.sort()).toEqual(wantedIn.sort());
      const rules = renderRules({ estate: "office", ...reach.estate, publishAddress: "127.0.0.1" });
      expect([...rules.matchAll(/ \. tcp \. 8080 \. \d+/g)]).toHaveLength(wantedIn.length);
      expect([...rules.matchAll(/ \. tcp \. 90\d\d$|tcp \. 90\d\d,/gm)]).toHaveLength(wantedOut.length);
    }),
    { numRuns: 60 },
  );
});
