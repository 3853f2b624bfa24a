import { staged } from "#lib/agent-examples.ts";
import { graphOf } from "#lib/graph.ts";
import type { Shown } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const ROLES = ["gateway", "model-gateway", "model"];

export const rule: Rule = {
  id: "agent.model-gateway",
  title: "Gateways and models are not reachable from networks that strangers are on.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.14", "OWASP ASI03", "OWASP ASI07"],
  why: "Whoever reaches a gateway can try to give orders to its agents, and whoever reaches a model uses it on your bill.",
  fix: "Publish nothing, or on a loopback or private address only, and put an authenticating proxy in front.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack) => {
    const graph = graphOf(stack);
    const programs = new Set(ROLES.flatMap((role) => graph.withRole(role)));
    return [...programs].flatMap((program) =>
      openTo(program).map((shown) => ({
        urn: program.resource.urn,
        ...shown,
        expected: "nothing published, or on a loopback or private address",
      })),
    );
  },
  examples: {
    good: [
      staged("agent-model-gateway-g1", "A model on an internal network", ({ program, network }) => [
        network("models"),
        program("model", ["models"]),
      ]),
    ],
    bad: [
      staged("agent-model-gateway-b1", "Published on every address", ({ program }) => [
        program("model-gateway", [], { ports: [{ internal: 4000, external: 4000 }] }),
      ]),
      staged("agent-model-gateway-b2", "Published on a public address", ({ program }) => [
        program("gateway", [], { ports: [{ internal: 18789, external: 18789, ip: "192.0.2.10" }] }),
      ]),
      staged("agent-model-gateway-b3", "In the host's network", ({ program }) => [
        program("model", [], { networkMode: "host" }),
      ]),
    ],
  },
};

function openTo({ resource, onHost }: Program): Shown[] {
  const published = resource.properties.objects("ports").flatMap((port): Shown[] => {
    const address = port.text("ip") ?? "";
    const path = port.path("ip");
    if (isClosed(address) || (address === "" && resource.unknowns.touches(path))) return [];
    return [{ property: path, found: address === "" ? "every address of the host" : show(address) }];
  });
  return [...(onHost ? [{ property: "networkMode", found: "the host's network" }] : []), ...published];
}

/** Loopback, private, shared (RFC 6598) and unique local addresses. */
function isClosed(text: string): boolean {
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/^::ffff:/, "");
  if (/^(::1|localhost|f[cd][0-9a-f]{2}:.*)$/.test(address)) return true;
  const parts = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(address)?.slice(1).map(Number);
  const [first = 0, second = 0] = parts ?? [];
  return (
    first === 127 ||
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second < 128)
  );
}
