import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { waive } from "#components/container/waiver.ts";
import { renderRules } from "#components/firewall/render-rules.ts";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { matrix } from "#components/network/matrix.ts";
import type { Settings } from "#components/settings/settings.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { offer, otherMachine, remote } from "#components/wiring/other-machine.ts";
import type { Offer } from "#components/wiring/other-machine.ts";
import { networkDiagram } from "#scripts/docs/network-diagram.ts";
import { aClient, facts, filesIn, wired } from "#tests/support/wired.ts";
import { anInput, lockOf, settings } from "../machine/example.ts";

const models = otherMachine("models", { owner: "platform", expires: "2027-06-30" });
const record = { reason: "it asks the world by itself", owner: "platform", expires: "2027-06-30" };
const web = otherMachine("web", { owner: "platform", expires: "2027-06-30" });
const vllm = remote(models, "openai", 8000);
const address = "10.66.2.4";

/** Says whom it asks, and goes without where there is nobody. */
function chat(name = "chat"): Service {
  return define(name, {
    uses: { models: { to: vllm, why: "people ask a model" } },
    facts: () => facts({ image: "any" }),
    files: (self) => ({ "/etc/chat/models": self.has("models") ? self.use("models").url : "none" }),
  });
}

function server(name: string, asks: readonly Endpoint[] = []): Endpoint<"test"> {
  return define(name, {
    uses: Object.fromEntries(asks.map((to, index) => [`w${String(index)}`, { to, why: `${name} asks ${to.name}` }])),
    serves: { speaks: "test", port: 8080 },
    facts: (self) => {
      for (const index of asks.keys()) self.use(`w${String(index)}`);
      return facts({ image: "any" });
    },
  });
}

function planOf(own: MachineDefinition, changes: Partial<Settings> = {}): MachinePlan {
  return planMachine(anInput({ definition: own, images: lockOf("any"), settings: { ...settings, ...changes } }));
}

const known = { machines: { models: { address } } };

describe("a client of another machine", () => {
  test("knows it by its name, may begin connections to its address and port, and has the waiver of who does", () => {
    const own = wired([chat()]);
    const plan = planOf(own, known);
    expect(plan.flows).toEqual([
      {
        from: "chat",
        to: "machine:models",
        ports: [{ number: 8000, protocol: "tcp" }],
        why: "people ask a model",
      },
    ]);
    const [container] = plan.containers;
    expect(container?.container.hosts).toEqual({ models: address });
    expect(container?.container.networks).toEqual([{ name: "office-chat-outside", address: "10.77.0.66" }]);
    expect(container?.container.waivers).toEqual([
      {
        id: "network.egress",
        reason:
          "it asks the machine models on port 8000: people ask a model; the host's rules open this address and port alone",
        owner: "platform",
        expires: "2027-06-30",
      },
    ]);
    expect(filesIn(own, "chat")["/etc/chat/models"]).toBe("http://models:8000");
    expect(filesInPlan(plan, "chat")).toBe("http://models:8000");
  });

  test("asks over TLS by the name in the certificate, where the settings know one", () => {
    const plan = planOf(wired([chat()]), { machines: { models: { address, tlsName: "models.example.org" } } });
    expect(filesInPlan(plan, "chat")).toBe("https://models.example.org:8000");
    expect(plan.containers[0]?.container.hosts).toEqual({ models: address, "models.example.org": address });
  });

  test("is switched off from it without an address: no flow, no network, no name, no waiver", () => {
    const plan = planOf(wired([chat()]));
    expect(plan).toMatchObject({ flows: [], networks: [] });
    expect(plan.containers[0]?.container).toMatchObject({ networks: [] });
    expect(plan.containers[0]?.container.hosts).toBeUndefined();
    expect(plan.containers[0]?.container.waivers).toBeUndefined();
    expect(filesInPlan(plan, "chat")).toBe("none");
  });

  test("keeps its network for what else it has to do outside, and why", () => {
    const own = wired([
      define("chat", {
        uses: { models: { to: vllm, why: "people ask a model" } },
        places: [{ place: "internet", ports: 443, why: "it asks the world" }],
        facts: () => ({ ...facts({ image: "any" }), waivers: [waive("network.egress", record)] }),
        files: (self) => ({ "/etc/chat/models": self.has("models") ? self.use("models").authority : "none" }),
      }),
    ]);
    expect(planOf(own, known).networks).toMatchObject([{ why: "it asks the world; people ask a model" }]);
    expect(planOf(own).networks).toMatchObject([{ why: "it asks the world" }]);
    // Its own words stay.
    expect(planOf(own, known).containers[0]?.container.waivers).toHaveLength(1);
  });
});

describe("a service that is offered to another machine", () => {
  const asked = server("asked");
  const own = wired([asked], [], [offer(asked, web, "its pages ask")]);
  const there = { machines: { web: { address: "10.66.1.4" } }, publish: { address } };

  test("is published, to that machine's address alone", () => {
    const plan = planOf(own, there);
    expect(plan.containers[0]?.container).toMatchObject({ publishes: [8080], publishAddress: address });
    const rules = renderRules({ estate: "office", ...plan, resolvers: [], publishAddress: address, ...there });
    expect(rules).toContain("set from-machine { type ifname . ipv4_addr . ipv4_addr");
    expect(rules).toContain('"office-01" . 10.77.0.66 . 10.66.1.4 . tcp . 8080');
    expect(rules).toMatch(/set published \{ type [^;]+; \}/);
  });

  test("is not published where nobody knows the machine", () => {
    expect(planOf(own, { publish: { address } }).containers[0]?.container).toMatchObject({
      publishes: [],
      networks: [],
    });
  });

  test("on loopback is told: nobody could ask it", () => {
    expect(() => planOf(own, { machines: there.machines })).toThrow(
      /garrison:publish\.address: found 127\.0\.0\.1, on which nobody but this machine asks asked[^]*type: pulumi config set --path garrison:publish\.address '<address>'/,
    );
  });
});

describe("what is refused", () => {
  const asking = wired([chat()]);
  test.each([
    [
      asking,
      { models: { address: "10.77.3.4" } },
      "machines.models.address: found 10.77.3.4, which is in 10.77.0.0/16",
    ],
    [asking, { models: { address: "127.0.0.1" } }, "machines.models.address: found 127.0.0.1, this machine's own"],
    [
      asking,
      { models: { address: "169.254.169.254" } },
      "machines.models.address: found 169.254.169.254, a link-local",
    ],
    [
      asking,
      { models: { address: "168.63.129.16" } },
      "machines.models.address: found 168.63.129.16, an address of the",
    ],
    [asking, { model: { address } }, "machines.model: found a machine that no service here asks or is offered to"],
    [wired([server("page")]), known.machines, "expected none: this machine asks and serves no other"],
  ])("an address in the settings that is nobody's", (own, machines, expected) => {
    expect(() => planOf(own, { machines })).toThrow(expected);
    expect(() => machineReachability(own, { ...settings, machines })).toThrow(expected);
  });

  test("a certificate of a machine that nothing here asks, and one for whoever is told too early", () => {
    const asked = server("asked");
    const own = wired([asked], [], [offer(asked, web, "it asks")]);
    const there = { web: { address, tlsName: "web.example.org" } };
    expect(() => planOf(own, { machines: there, publish: { address: "10.66.0.1" } })).toThrow(
      "garrison:machines.web.tlsName: found web.example.org; expected nothing: no service here asks web",
    );
    const early = wired([aClient("early", { models: { to: vllm, why: "it asks" } })]);
    expect(() => planOf(early, { machines: { models: { address, tlsName: "m.example.org" } } })).toThrow(
      "garrison:machines.models.tlsName: found m.example.org; expected no name: early says whom it asks before",
    );
  });

  test("no address for whoever cannot do without", () => {
    expect(() => planOf(wired([aClient("early", { models: { to: vllm, why: "it asks" } })]))).toThrow(
      /garrison:machines\.models\.address: found nothing; expected the address of models: early cannot do without it\n +type: pulumi config set/,
    );
  });

  test("a handle of another machine among the services of this one, and an offer of somebody who is not here", () => {
    const own = wired([server("page"), vllm], [], [offer(server("guest"), web, "it asks")]);
    const problems = own.wiring?.problems({ settings, networks: [], flows: [], allowed: [] }, new Set());
    expect(problems?.map(({ property, found }) => `${property}: ${found}`)).toEqual([
      "services.models: a handle of another machine",
      "offers.web: guest, which is not on the machine",
    ]);
  });
});

describe("who reaches whom is who was handed whom", () => {
  /** Up to five services; each asks some of those before it and some machines, and is offered to some. */
  const estates = fc.array(
    fc.record({
      asks: fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 2 }),
      machines: fc.subarray(["m0", "m1", "m2"]),
      offeredTo: fc.subarray(["m0", "m1", "m2"]),
    }),
    { minLength: 1, maxLength: 5 },
  );
  const addresses = fc.subarray(["m0", "m1", "m2"]);

  test("exactly, with machines of which some are switched off; and the host's rules open no more", () => {
    fc.assert(
      fc.property(estates, addresses, (estate, there) => {
        const machines = Object.fromEntries(
          there.map((name) => [name, { address: `10.66.0.${String(Number(name[1]) + 1)}` }]),
        );
        const services: Endpoint<"test">[] = [];
        const offers: Offer[] = [];
        const wanted = new Set<string>();
        for (const [index, { asks, machines: others, offeredTo }] of estate.entries()) {
          const name = `s${String(index)}`;
          const before = asks.flatMap((other) => (other < index ? (services[other] ?? []) : []));
          const outside = others.filter((other) => there.includes(other));
          for (const other of before) wanted.add(`${name} ${other.name} 8080`);
          for (const other of outside) wanted.add(`${name} machine:${other} 8000`);
          for (const other of offeredTo) if (there.includes(other)) wanted.add(`machine:${other} ${name} 8080`);
          const own = server(name, [
            ...before,
            ...outside.map((other) => remote({ ...models, name: other }, "openai", 8000)),
          ]);
          services.push(own);
          offers.push(...offeredTo.map((other) => offer(own, { ...models, name: other }, "it asks")));
        }
        const own = wired(services, [], offers);
        const used = new Set((own.otherMachines ?? []).map(({ name }) => name));
        const given = Object.fromEntries(Object.entries(machines).filter(([name]) => used.has(name)));
        const reach = machineReachability(own, { ...settings, publish: { address }, machines: given });
        const reached = [...matrix(reach)].filter(({ from, answer }) => from !== "host" && answer.reachable);
        expect(new Set(reached.map(({ from, to, port }) => `${from} ${to} ${String(port.number)}`))).toEqual(wanted);
        const { estate: planned } = reach;
        const rules = renderRules({ estate: "office", ...planned, publishAddress: address });
        // What opens names a bridge; the set of published ports that are taken closes.
        const opened = [...rules.matchAll(/" \. .* \. tcp \. (?:8080|8000)/g)];
        expect(opened).toHaveLength(wanted.size);
      }),
    );
  });

  test("is drawn, with another machine as a place of its own", () => {
    const reach = machineReachability(wired([chat()]), { ...settings, ...known });
    expect(networkDiagram(reach)).toContain(
      'n_machine_models(["machine:models"])\n  n_chat -->|"8000"| n_machine_models',
    );
  });
});

/** The one file of a service, as planned. */
function filesInPlan(plan: MachinePlan, service: string): string | undefined {
  return plan.files.find((own) => own.service === service)?.directories[0]?.files.models;
}
