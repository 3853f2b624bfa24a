import type { Change } from "../change.ts";
import { names, ours, phrase } from "../phrase.ts";
import type { Phrase } from "../phrase.ts";
import type { Part, Side } from "../side.ts";
import { delta } from "./delta.ts";

/** Docker's own, where a container says nothing. */
const STOP = 10;
/** The provider's, where a program says nothing. */
const START = 60;

/** Properties in words; the others are told by their names. */
const IN_WORDS: Readonly<Record<string, string>> = {
  "label garrison.files": "its files or secrets",
  "label garrison.waivers": "its waivers",
  networksAdvanced: "its networks",
  envs: "its environment",
  securityOpts: "its security options",
};

type Runs = Part<"runs">;

/** What is made anew or changed in place: whose outage it is, and how long at most. */
export function outageChanges(before: Side, after: Side): Change[] {
  const networks = delta(before.networks, after.networks, ({ name }) => [name]);
  const remade = new Set(networks.changed.map(([, { name }]) => name));
  const old = new Map(before.runs.map((one) => [JSON.stringify([one.kind, one.name]), one]));
  const both = after.runs.flatMap((is) => {
    const was = old.get(JSON.stringify([is.kind, is.name]));
    return was === undefined ? [] : [[was, is] as const];
  });
  return [
    ...both.flatMap(([was, is]) => [...outage(was, is, remade, after), ...inPlace(was, is)]),
    ...commandChanges(before, after),
  ];
}

function outage(was: Runs, is: Runs, remade: ReadonlySet<string>, side: Side): Change[] {
  const because = [
    ...differing(was.replaces, is.replaces).filter((name) => name !== "image"),
    ...is.networks.filter((name) => remade.has(name)).map((name) => `network ${name}`),
  ].map((name) => IN_WORDS[name] ?? name);
  const image = was.replaces.image === is.replaces.image ? [] : [imageChange(was, is)];
  const reasons = [...image, ...(because.length === 0 ? [] : [names(because)])];
  if (reasons.length === 0) return [];
  const why = reasons.flatMap((one, index): Phrase => (index === 0 ? one : [", ", ...one]));
  const text = phrase`${is.name} is made anew (${why})${lasting(is)}${waiting(is, side)}`;
  return [{ kind: "outage", sign: "changed", from: is.name, phrase: text }];
}

function imageChange(was: Runs, is: Runs): Phrase {
  return was.image === is.image ? phrase`image ${is.image}, another digest` : phrase`image ${was.image} to ${is.image}`;
}

function lasting({ kind, stop = STOP, start = START }: Runs): Phrase {
  if (kind === "machine") return ours(", with everything on it, for some minutes");
  return ours(`: gone for up to ${String(stop + start)} s, more where its image has to be fetched`);
}

function waiting({ name }: Runs, { paths }: Side): Phrase {
  const clients = paths.filter(({ to, from }) => to === name && from !== name).map(({ from }) => from);
  return clients.length === 0 ? ours("") : phrase`; ${names(clients)} cannot reach it then`;
}

function inPlace(was: Runs, is: Runs): Change[] {
  const changed = differing(was.updates, is.updates);
  if (changed.length === 0) return [];
  const text =
    is.kind === "machine"
      ? phrase`${is.name} restarts with another ${names(changed)}`
      : phrase`${is.name} gets another ${names(changed)} and goes on running`;
  return [{ kind: "setting", sign: "changed", from: is.name, phrase: text }];
}

function commandChanges(before: Side, after: Side): Change[] {
  const { added, gone, changed } = delta(before.commands, after.commands, ({ name }) => [name]);
  const all = [...added, ...gone, ...changed.map(([, is]) => is)].map(({ name }) => name);
  if (all.length === 0) return [];
  const text = phrase`commands that run anew, for files, rules or limits of the machine: ${names(all)}`;
  return [{ kind: "command", sign: "changed", from: "", phrase: text }];
}

function differing(was: Readonly<Record<string, string>>, is: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]).sort();
}
