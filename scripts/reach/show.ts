import pc from "picocolors";
import { formatPort } from "#components/network/flow.ts";
import type { MissingService } from "#components/machine/present-services.ts";
import { CANARIES } from "#components/network/matrix.ts";
import { ROOT_ALONE } from "#components/network/reachability.ts";
import type { Relay } from "#components/network/reachability.ts";
import type { NodeAnswer, PairAnswer, PortAnswer } from "./answers.ts";

/** Yes or no, and for each port the way or the reason. Ports with the same answer share a line. */
export function showPair({ from, to, reachable, answers }: PairAnswer): string {
  const head = reachable ? pc.green(`✓ ${from} reaches ${to}`) : pc.red(`✗ ${from} does not reach ${to}`);
  const lines = [...Map.groupBy(answers, (answer) => sentences(answer, from, to).join("\n"))].map(
    ([text, same]) => [portsIn(same, answers), text] as const,
  );
  return [head, ...aligned(lines)].join("\n");
}

/** Services that nothing reaches, and that reach nothing, because they are not there. */
export function showOff(services: readonly MissingService[]): string {
  const lines = services.map(({ service, why, bySetting }) =>
    pc.red(`✗ ${service} is switched off${bySetting === true ? "" : " outside the lab"}: ${why}`),
  );
  const inLab = services.some(({ bySetting }) => bySetting !== true);
  return [...lines, ...(inLab ? ["  With --lab, the lab's answer, where a stand-in holds its place."] : [])].join("\n");
}

/** What a node reaches and by what it is reached. */
export function showNode({ node, reaches, reachedBy, through }: NodeAnswer): string {
  return [
    pc.bold(`${node} reaches`),
    ...aligned([...reaches.map((pair) => [pair.to, line(pair)] as const), ...through.map(relayed)]),
    pc.bold(`${node} is reached by`),
    ...aligned(reachedBy.map((pair) => [pair.from, line(pair)] as const)),
  ].join("\n");
}

function relayed({ proxy, hosts }: Relay): readonly [string, string] {
  return ["internet", `through ${proxy}, by name: ${hosts.join(", ") || "nothing"}`];
}

/** Ports with the same reasons together. */
function line({ answers }: PairAnswer): string {
  const reasons = (answer: PortAnswer): string => {
    const told = new Set(whys(answer));
    // What every account reaches over one network needs no word of root's on the others.
    if (told.size > 1) told.delete(ROOT_ALONE);
    return [...told].join("; ");
  };
  return [...Map.groupBy(answers, reasons)].map(([why, same]) => `${portsIn(same, answers)}: ${why}`).join("; ");
}

/** Neither the way of the host's root nor the lack of any depends on the port. */
function portsIn(answers: readonly PortAnswer[], all: readonly PortAnswer[]): string {
  if (answers.every(({ port }) => CANARIES.includes(port))) return "any port";
  const roots = answers.every((answer) => answer.reachable && whys(answer).every((why) => why === ROOT_ALONE));
  if (roots) return answers.length === all.length ? "every port" : "every other port";
  return answers.map(({ port }) => formatPort(port)).join(", ");
}

function whys(answer: PortAnswer): string[] {
  return answer.reachable ? answer.ways.map(({ why }) => why) : [];
}

function sentences(answer: PortAnswer, from: string, to: string): string[] {
  if (!answer.reachable) return [answer.reason];
  return answer.ways.map(({ network, source, destination, why }) => {
    return `over ${network}, from ${source ?? from} to ${destination ?? to}: ${why}`;
  });
}

function aligned(rows: readonly (readonly [left: string, right: string])[]): string[] {
  if (rows.length === 0) return ["  nothing"];
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(
    ([left, right]) => `  ${left.padEnd(width)}  ${right.replaceAll("\n", `\n${" ".repeat(width + 4)}`)}`,
  );
}
