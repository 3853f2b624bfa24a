import type { Change, Sign } from "../change.ts";
import { names, ours, phrase, words } from "../phrase.ts";
import type { Phrase } from "../phrase.ts";
import type { Part, Side } from "../side.ts";
import { delta, groups } from "./delta.ts";

/** Places outside, of which a new way in or out is told first. */
const OUTSIDE: ReadonlySet<string> = new Set(["lan", "internet"]);

/** Who reaches whom, who may ask for what, who can use which key, and what a container may do to its machine. */
export function reachChanges(before: Side, after: Side): Change[] {
  return [
    ...pathChanges(before, after),
    ...nameChanges(before, after),
    ...openingChanges(before, after),
    ...credentialChanges(before, after),
    ...powerChanges(before, after),
    ...serviceChanges(before, after),
  ];
}

function pathChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.paths, after.paths, ({ from, to, port }) => [from, to, port]);
  const told = (sign: Sign, verb: string, all: readonly Part<"paths">[]): Change[] =>
    groups(all, ({ from, to, over, why }) => [from, to, over, why]).map((same): Change => {
      const [{ from, to, over, why }] = same;
      const ports = same.map(({ port }) => port).filter((port) => port !== "");
      const on = ports.length === 0 ? phrase` on any port` : phrase` on ${names(ports)}`;
      const kind = to === "metadata" ? "link-local" : OUTSIDE.has(from) ? "opening" : "path";
      const text = phrase`${from} ${ours(verb)} ${to}${on}, over ${over}: ${words(why)}`;
      return { kind, sign, from, to, ...(from === "internet" && { public: true }), phrase: text };
    });
  return [...told("new", "reaches", added), ...told("lost", "no longer reaches", gone)];
}

function nameChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.proxied, after.proxied, ({ from, through, name }) => [from, through, name]);
  const told = (sign: Sign, verb: string, all: readonly Part<"proxied">[]): Change[] =>
    groups(all, ({ from, through, why }) => [from, through, why]).map((same): Change => {
      const [{ from, through, why }] = same;
      const wanted = same.some(({ name }) => name === "*")
        ? ours("every name on the internet")
        : names(same.map(({ name }) => name));
      const text = phrase`${from} ${ours(verb)} ${wanted} through ${through}: ${words(why)}`;
      return { kind: "name", sign, from, to: "internet", phrase: text };
    });
  return [...told("new", "may ask for", added), ...told("lost", "may no longer ask for", gone)];
}

function openingChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.openings, after.openings, ({ on, port, from }) => [on, port, from]);
  const told = (sign: Sign, verb: string, all: readonly Part<"openings">[]): Change[] =>
    groups(all, ({ on, port, public: wide, why }) => [on, port, String(wide), why]).map((same): Change => {
      const [{ on, port, public: wide, why }] = same;
      const who = names(same.map(({ from }) => from));
      const text = phrase`${on} ${ours(verb)} ${who} in on ${port}${ours(wide ? ", a public opening" : "")}: ${words(why)}`;
      return { kind: "opening", sign, from: wide ? "internet" : "outside", to: on, public: wide, phrase: text };
    });
  return [...told("new", "lets", added), ...told("lost", "no longer lets", gone)];
}

function credentialChanges(before: Side, after: Side): Change[] {
  const { added, gone, changed } = delta(before.credentials, after.credentials, ({ secret, reader, holds }) => [
    ...[secret, reader, holds],
  ]);
  return [
    ...added.map((one) => credential("new", one, phrase`can now use`)),
    ...gone.map((one) => credential("lost", one, phrase`no longer has`)),
    ...changed
      .filter(([was, is]) => was.at.join("\n") !== is.at.join("\n"))
      .map(([, is]): Change => ({ ...credential("changed", is, phrase`finds elsewhere`), kind: "check" })),
  ];
}

function credential(sign: Sign, { secret, opens, reader, holds, at }: Part<"credentials">, verb: Phrase): Change {
  const what = holds === "value" ? phrase`the key ${secret}` : phrase`the ${ours(holds)} of ${secret}`;
  const text = phrase`${reader} ${holds === "value" ? verb : ours(sign === "lost" ? "no longer has" : "has")} ${what}, at ${names(at)}; it opens: ${words(opens)}`;
  return { kind: holds === "value" ? "credential" : "check", sign, from: reader, to: secret, phrase: text };
}

function powerChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.powers, after.powers, ({ of, power }) => [of, power]);
  return [
    ...added.map(({ of, power }): Change => ({
      ...{ kind: "power", sign: "new", from: of, phrase: phrase`${of} ${words(power)}` },
    })),
    ...gone.map(({ of, power }): Change => ({
      ...{ kind: "power", sign: "lost", from: of, phrase: phrase`${of} no longer: ${words(power)}` },
    })),
  ];
}

/** What runs on one side only; why, where it is switched off on the other. */
function serviceChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.runs, after.runs, ({ kind, name }) => [kind, name]);
  const off = new Map(after.switchedOff.map(({ service, why }) => [service, why]));
  const wasOff = new Set(before.switchedOff.map(({ service }) => service));
  return [
    ...added.map(({ kind, name, image }): Change => {
      const how = wasOff.has(name) ? "is switched on" : kind === "machine" ? "is a new machine" : "is a new container";
      return { kind: "service", sign: "new", from: name, phrase: phrase`${name} ${ours(how)}, of ${image}` };
    }),
    ...gone.map(({ name }): Change => {
      const why = off.get(name);
      const text = why === undefined ? phrase`${name} is removed` : phrase`${name} is switched off: ${words(why)}`;
      return { kind: "service", sign: "lost", from: name, phrase: text };
    }),
  ];
}
