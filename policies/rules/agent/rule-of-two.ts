import { on, staged } from "#lib/agent-examples.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import type { Graph } from "#lib/graph.ts";
import { trustOf } from "#lib/programs.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { looksSecret } from "#lib/secret-paths.ts";
import { type } from "#lib/types.ts";

const WORDS = new Map([
  ["untrusted-input", "takes in what strangers write"],
  ["private-data", "holds private data"],
  ["acts", "acts on the world"],
]);

const all = { "garrison.trust": "untrusted-input,private-data,acts" };

export const rule: Rule = {
  id: "agent.rule-of-two",
  title: "An agent has at most two of outside input, private data and acting, unless somebody approves what it does.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI01", "OWASP ASI02", "OWASP ASI09"],
  why: "Who has all three can be told by a stranger's text to send private data away, and no filter stops every such text.",
  fix: "Take one of the three away, or declare the approval that stands before what the agent does, with approver and expiry.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const graph = graphOf(stack);
    // Whoever says what it is trusted with asks to be judged, agent or not.
    const trusted = graph.programs.filter((program) => trustOf(program).size > 0);
    return [...new Set([...agentsOf(stack, settings), ...trusted])].flatMap((agent) => {
      const reasons = [...WORDS].map(([word, says]) => reasonFor(word, says, agent, graph));
      if (reasons.some((reason) => reason === undefined) || isApproved(agent, graph)) return [];
      return [
        {
          urn: agent.resource.urn,
          property: "labels",
          found: `a program that ${reasons.join(", ")}`,
          expected: "two of the three, or a declared approval by a program that exists",
        },
      ];
    });
  },
  examples: {
    good: [
      staged("agent-rule-of-two-g1", "Two of three", ({ agent }) => [
        agent({}, "agent", { "garrison.trust": "untrusted-input,private-data" }),
      ]),
      staged("agent-rule-of-two-g2", "All three, behind an approval", ({ agent, program, declares, name }) => [
        agent({}, "agent", all),
        program("approver", []),
        declares(
          {},
          {
            agent: {
              capabilities: [
                { name: "send mail", destructive: true, approval: { by: name("approver"), expiresMinutes: 30 } },
              ],
            },
          },
        ),
      ]),
    ],
    bad: [
      staged("agent-rule-of-two-b1", "All three, declared by label", ({ agent }) => [agent({}, "agent", all)]),
      staged("agent-rule-of-two-b2", "Declared without a way out, and on one", ({ agent, network, name }) => [
        network("open", { internal: false }),
        agent(on([name("open")]), "agent", { "garrison.trust": "private-data" }),
      ]),
      staged("agent-rule-of-two-b3", "The memory and the egress proxy", ({ agent, program, network, name }) => [
        network("memory"),
        network("out"),
        agent(on([name("memory"), name("out")])),
        program("memory-service", ["memory"]),
        program("egress-proxy", ["out"]),
      ]),
      staged("agent-rule-of-two-b4", "An approver that does not exist", ({ agent, declares }) => [
        agent({}, "agent", all),
        declares(
          {},
          {
            agent: {
              capabilities: [{ name: "send mail", destructive: true, approval: { by: "nobody", expiresMinutes: 30 } }],
            },
          },
        ),
      ]),
    ],
  },
};

/** Why an agent has one of the three: as it declares, or as the graph shows. */
function reasonFor(word: string, says: string, agent: Program, graph: Graph): string | undefined {
  const shown = word === "private-data" ? privateData(agent, graph) : connection(agent, graph);
  if (shown !== undefined) return `${says} (${shown})`;
  return trustOf(agent).has(word) ? `${says} (declared)` : undefined;
}

/** A connection out brings strangers' texts in, and carries data out. */
function connection(agent: Program, graph: Graph): string | undefined {
  const [way] = graph.waysOut(agent);
  if (way !== undefined) return way.found;
  const proxy = graph.neighbours(agent).find(({ program }) => program.roles.has("egress-proxy"));
  return proxy === undefined ? undefined : `through ${show(proxy.program.name)}`;
}

const MEMORY = ["memory-service", "memory-store"];

function privateData(agent: Program, graph: Graph): string | undefined {
  const isMemory = ({ roles }: Program) => MEMORY.some((role) => roles.has(role));
  const reached = graph.neighbours(agent).find(({ program }) => isMemory(program));
  if (reached !== undefined) return `from ${show(reached.program.name)}`;
  const mount = agent.mounts.find((own) => looksSecret(own.source) || graph.sharers(agent, own).some(isMemory));
  return mount === undefined ? undefined : `in ${show(mount.source)}`;
}

function isApproved({ declared }: Program, { programs }: Graph): boolean {
  const names = new Set(["operator", ...programs.map(({ name }) => name)]);
  const approvals = declared.flatMap(({ properties }) =>
    properties.objects("capabilities").map((capability) => capability.object("approval")),
  );
  return approvals.some(
    (approval) => names.has(approval.text("by") ?? "") && (approval.number("expiresMinutes") ?? 0) > 0,
  );
}
