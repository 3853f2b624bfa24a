import { closest } from "fastest-levenshtein";
import { formatPort } from "#components/network/flow.ts";
import type { Port } from "#components/network/flow.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#helpers/terminal/report.ts";

/** What somebody wants to know. */
export interface Question {
  readonly from: string;
  readonly to?: string;
  /** @default every port that the other end has */
  readonly port?: Port;
}

/** Reads `nginx`, `nginx:8080` and `resolver:53/udp`. @throws {ProblemReport} naming everything that is wrong */
export function readQuestion(from: string | undefined, to: string | undefined, nodes: readonly string[]): Question {
  const [name, portText] = to === undefined ? [undefined, undefined] : splitTarget(to);
  const port = portText === undefined ? undefined : readPort(portText);
  const problems = [
    ...nodeProblems("from", from, nodes),
    ...(to === undefined ? [] : nodeProblems("to", name, nodes)),
    ...(portText !== undefined && port === undefined ? [portProblem(portText)] : []),
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

function nodeProblems(subject: string, name: string | undefined, nodes: readonly string[]): Problem[] {
  if (name !== undefined && nodes.includes(name)) return [];
  const near = name === undefined || name === "" ? "openclaw-gateway" : closest(name, [...nodes]);
  return [
    {
      subject,
      found: name === undefined || name === "" ? "nothing" : name,
      expected: `a service or a place: ${nodes.join(", ")}`,
      next: subject === "from" ? `npm run reach -- ${near}` : `${near} in its place, then the same command again`,
    },
  ];
}

function portProblem(text: string): Problem {
  return {
    subject: "port",
    found: text === "" ? "nothing behind the colon" : text,
    expected: `a number from 1 to 65535, with /udp where it is not TCP`,
    next: `npm run reach -- <from> <to>:${formatPort({ number: 53, protocol: "udp" })}`,
  };
}
