import { closest } from "fastest-levenshtein";
import { formatPort } from "#components/network/flow.ts";
import type { Port } from "#components/network/flow.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";

/** What somebody wants to know. */
interface Question {
  readonly from: string;
  readonly to?: string;
  /** @default every port that the other end has */
  readonly port?: Port;
}

/** Reads `nginx`, `nginx:8080` and `resolver:53/udp`. @throws {ProblemReport} naming everything that is wrong */
export function readQuestion(from: string | undefined, to: string | undefined, nodes: readonly string[]): Question {
  const [name, portText] = to === undefined ? [undefined, undefined] : splitTarget(to);
  const port = portText === undefined ? undefined : readPort(portText);
  // One command with everything in it put right, whichever part of it was wrong.
  const ends = [nearest(from, nodes), ...(to === undefined ? [] : [nearest(name, nodes)])];
  const wanted = portText === undefined ? "" : `:${formatPort(port ?? { number: 53, protocol: "udp" })}`;
  const again = `npm run reach -- ${ends.join(" ")}${wanted}`;
  const problems = [
    ...nodeProblems("from", from, nodes, again),
    ...(to === undefined ? [] : nodeProblems("to", name, nodes, again)),
    ...(portText !== undefined && port === undefined ? [portProblem(portText, again)] : []),
  ];
  if (problems.length > 0 || from === undefined) {
    throw new ProblemReport("npm run reach was asked about something that is not there", problems);
  }
  return { from, ...(name !== undefined && { to: name }), ...(port && { port }) };
}

function splitTarget(text: string): [name: string, port: string | undefined] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function readPort(text: string): Port | undefined {
  const match = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(text);
  const number = Number(match?.[1]);
  if (match === null || number < 1 || number > 65_535) return undefined;
  return { number, protocol: match[2] === "udp" ? "udp" : "tcp" };
}

function nearest(name: string | undefined, nodes: readonly string[]): string {
  return name === undefined || name === "" ? "openclaw-gateway" : closest(name, [...nodes]);
}

function nodeProblems(subject: string, name: string | undefined, nodes: readonly string[], next: string): Problem[] {
  if (name !== undefined && nodes.includes(name)) return [];
  return [
    {
      property: subject,
      found: name === undefined || name === "" ? "nothing" : name,
      expected: `a service or a place: ${nodes.join(", ")}`,
      fix: next,
    },
  ];
}

function portProblem(text: string, next: string): Problem {
  return {
    property: "port",
    found: text === "" ? "nothing behind the colon" : text,
    expected: `a number from 1 to 65535, with /udp where it is not TCP`,
    fix: next,
  };
}
