import fc from "fast-check";
import { expect, test } from "vitest";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { later } from "#components/wiring/later.ts";
import { facts, wired } from "#tests/support/wired.ts";
import { anInput, lockOf, settings } from "../machine/example.ts";

type Peer = Endpoint<"peer">;

/** Asks these others and is asked, with a login of each client. */
function peer(name: string, asks: readonly Peer[], start: readonly string[] = []): Peer {
  const uses = asks.map((to, index) => {
    const any = start.includes(String(index)) ? ({ start: "any" } as const) : {};
    return [`w${String(index)}`, { to, why: "they know each other", ...any }] as const;
  });
  return define(name, {
    uses: Object.fromEntries(uses),
    serves: { speaks: "peer", port: 8080, login: { why: "opens it" } },
    facts: () => facts({ image: "any" }),
    files: (self) => ({
      "/etc/peer/asks": asks.map((_, index) => self.use(`w${String(index)}`).login()).join("\n"),
      "/etc/peer/clients": self
        .clients()
        .map(({ login }) => login())
        .join("\n"),
    }),
  });
}

function planOf(services: readonly Service[]) {
  return planMachine(anInput({ definition: wired(services), images: lockOf("any") }));
}

test("two know each other, and the one that does not wait starts first", () => {
  const broker = later<Peer>("broker");
  const gateway = peer("gateway", [broker], ["0"]);
  const bound = peer("broker", [gateway]);
  broker.is(bound);
  const plan = planOf([gateway, bound]);
  expect(plan.flows.map(({ from, to }) => `${from} -> ${to}`)).toEqual(["gateway -> broker", "broker -> gateway"]);
  expect(plan.containers.map(({ name, after }) => [name, after])).toEqual([
    ["gateway", []],
    ["broker", ["gateway"]],
  ]);
  expect(plan.networks).toHaveLength(2);
});

test("a circle of those who wait is told, with everybody on it", () => {
  const [a, b] = [later<Peer>("a"), later<Peer>("b")];
  const c = peer("c", [a]);
  b.is(peer("b", [c]));
  const first = peer("a", [b]);
  a.is(first);
  expect(() => planOf([first, b, c])).toThrow(
    'services: found a circle of who waits for whom: a -> b -> c -> a; expected one of them with `start: "any"`',
  );
});

test("one that was never bound is one problem, and a bound one that is not on the machine another", () => {
  const broker = later<Peer>("broker");
  const gateway = peer("gateway", [broker]);
  const ask = peer("ask", [gateway]);
  expect(() => planOf([gateway, ask])).toThrow(
    /: 1 problem; [^]*services\.gateway\.w0: found later\("broker"\), which was never bound; expected its `\.is\(handle\)`/,
  );
  broker.is(peer("broker", [gateway], ["0"]));
  expect(() => planOf([gateway, ask])).toThrow("services.gateway.w0: found broker, which is not on the machine");
});

test("who reaches whom is who was handed whom, exactly, in circles too", () => {
  const graphs = fc
    .integer({ min: 2, max: 5 })
    .chain((count) =>
      fc.array(fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: 3 }), { minLength: count, maxLength: count }),
    );
  fc.assert(
    fc.property(graphs, (asks) => {
      const handles = asks.map((_, index) => later<Peer>(`p${String(index)}`));
      const wanted = new Set<string>();
      for (const [index, own] of asks.entries()) {
        const others = own.filter((other) => other !== index);
        for (const other of others) wanted.add(`p${String(index)} p${String(other)}`);
        const anyOrder = others.map((_, place) => String(place));
        handles[index]?.is(
          peer(
            `p${String(index)}`,
            others.flatMap((other) => handles[other] ?? []),
            anyOrder,
          ),
        );
      }
      const reach = machineReachability(wired(handles), settings);
      for (const { name: from } of handles)
        for (const { name: to } of handles) {
          if (from === to) continue;
          const { reachable } = reach.ask(from, to, { number: 8080, protocol: "tcp" });
          expect(reachable, `${from} ${to}`).toBe(wanted.has(`${from} ${to}`));
        }
    }),
  );
});
