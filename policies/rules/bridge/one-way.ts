import { bridge, staged } from "#lib/agent-examples.ts";
import type { Bridge } from "#lib/bridges.ts";
import { onEachBridge } from "#lib/bridges.ts";
import { declarationsOf } from "#lib/declarations.ts";
import { graphOf } from "#lib/graph.ts";
import { show } from "#lib/properties.ts";
import type { Stack } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "bridge.one-way",
  title: "Nothing leads back over a one-way bridge.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI07"],
  why: "The side that an attacker takes first must not be able to give orders to the other.",
  fix: "Take the way back out of the flows, and put a firewall or a network of its own between the two.",
  waivable: "by-configuration",
  types: [],
  checkStack: (stack) =>
    onEachBridge(stack, (bridge, all) => [
      ...declaredBack(bridge, all),
      ...flowsBack(bridge, stack),
      ...networkBack(bridge, stack),
    ]),
  examples: {
    good: [
      staged("bridge-one-way-g1", "From the host into a container", ({ program, network, declares, name }) => [
        network("front"),
        program("gateway", ["front"]),
        declares({
          bridges: [bridge("bridge-one-way-g1")],
          flows: [{ from: "host", to: name("gateway"), ports: ["18789"] }],
        }),
      ]),
    ],
    bad: [
      staged("bridge-one-way-b1", "A flow back", ({ declares, name }) => [
        declares({
          bridges: [bridge("bridge-one-way-b1")],
          flows: [{ from: name("gateway"), to: "host", ports: ["22"] }],
        }),
      ]),
      staged("bridge-one-way-b2", "A bridge back", ({ declares, name }) => [
        declares({
          bridges: [
            bridge("bridge-one-way-b2"),
            bridge("bridge-one-way-b2", { from: name("gateway"), to: "host" }, { name: name("back") }),
          ],
        }),
      ]),
      staged(
        "bridge-one-way-b3",
        "A network that both are on, without a firewall",
        ({ program, network, declares, name }) => [
          network("shared"),
          program("other", ["shared"], {}, "sender"),
          program("gateway", ["shared"]),
          declares({ bridges: [bridge("bridge-one-way-b3", { from: name("sender") })] }),
        ],
      ),
      staged("bridge-one-way-b4", "A receiver in the host's network", ({ program, declares }) => [
        program("gateway", [], { networkMode: "host" }),
        declares({ bridges: [bridge("bridge-one-way-b4")] }),
      ]),
    ],
  },
};

type Flaw = Omit<Finding, "urn">;

function flawOf(bridge: Bridge, found: string): Flaw {
  const expected = `nothing from ${show(bridge.to)} to ${show(bridge.from)}`;
  return { property: bridge.properties.path("to"), found, expected };
}

function declaredBack(bridge: Bridge, all: readonly Bridge[]): Flaw[] {
  const back = all.some(({ from, to }) => from === bridge.to && to === bridge.from);
  return back ? [flawOf(bridge, `a bridge back from ${show(bridge.to)}`)] : [];
}

function flowsBack(bridge: Bridge, stack: Stack): Flaw[] {
  return declarationsOf(stack)
    .listed("flows")
    .filter(({ properties }) => properties.text("from") === bridge.to && properties.text("to") === bridge.from)
    .map(({ properties }) => {
      const ports = properties.texts("ports").map(({ value }) => value);
      return flawOf(bridge, `a flow back from ${show(bridge.to)} on ${ports.join(", ") || "every port"}`);
    });
}

/** Without a firewall a network carries what nobody declares. */
function networkBack(bridge: Bridge, stack: Stack): Flaw[] {
  const graph = graphOf(stack);
  const receiver = graph.programs.find(({ name }) => name === bridge.to);
  if (receiver === undefined) return [];
  if (receiver.onHost) return [flawOf(bridge, `${show(bridge.to)} in the host's network, which reaches everything`)];
  if (stack.ofType(type.hostFirewall).length > 0) return [];
  const shared = graph.neighbours(receiver).find(({ program }) => program.name === bridge.from);
  return shared === undefined ? [] : [flawOf(bridge, `a network that both are on: ${shared.found}`)];
}
