import type { Change } from "../change.ts";
import { names, ours, phrase } from "../phrase.ts";
import type { Phrase } from "../phrase.ts";
import type { Part, Side } from "../side.ts";
import { delta } from "./delta.ts";

/** Which volume or disk another takes the place of, and what is gone or empty afterwards. */
export function dataChanges(before: Side, after: Side): Change[] {
  const mounts = mountChanges(before, after);
  const told = new Set(mounts.flatMap(({ about }) => about));
  return [...mounts.map(({ change }) => change), ...storeChanges(before, after, told), ...stepChanges(before, after)];
}

interface Told {
  readonly change: Change;
  /** Volumes of which nothing else has to be said. */
  readonly about: readonly string[];
}

function mountChanges(before: Side, after: Side): Told[] {
  const { added, gone, changed } = delta(before.mounts, after.mounts, ({ of, at }) => [of, at]);
  const old = new Set(before.stores.map(({ name }) => name));
  const state = ({ store }: Part<"mounts">): Phrase => ours(old.has(store) ? "" : ", new and empty,");
  return [
    ...changed.map(([was, is]): Told => {
      const { of, at, store } = is;
      const mode = ours(is.writable ? "may now write to" : "may now only read");
      const text =
        was.store === store
          ? phrase`${of} ${mode} the volume ${store} at ${at}`
          : phrase`${of} finds the volume ${store}${state(is)} at ${at} in the place of ${was.store}, ${fate(was.store, before, after)}`;
      return {
        change: { kind: "mount", sign: "changed", from: of, to: store, phrase: text },
        about: [was.store, store],
      };
    }),
    ...added.map((one): Told => {
      const others = before.mounts.filter(({ store, of }) => store === one.store && of !== one.of).map(({ of }) => of);
      const shared = others.length === 0 ? ours("") : phrase`, which ${names(others)} had`;
      const how = ours(one.writable ? "" : ", read-only");
      const text = phrase`${one.of} has the volume ${one.store}${state(one)} at ${one.at}${shared}${how}`;
      return { change: { kind: "mount", sign: "new", from: one.of, to: one.store, phrase: text }, about: [one.store] };
    }),
    ...gone.map((one): Told => {
      const text = phrase`${one.of} no longer has the volume ${one.store} at ${one.at}, ${fate(one.store, before, after)}`;
      return { change: { kind: "mount", sign: "lost", from: one.of, to: one.store, phrase: text }, about: [one.store] };
    }),
  ];
}

/** What becomes of the data of a volume that is no longer where it was. */
function fate(store: string, before: Side, after: Side): Phrase {
  if (after.stores.some(({ name }) => name === store)) return ours("which is still there");
  const was = before.stores.find(({ name }) => name === store);
  if (was === undefined) return ours("which this program does not declare");
  return ours(was.kept ? "whose data stays on the machine" : "which is deleted with its data");
}

function storeChanges(before: Side, after: Side, told: ReadonlySet<string>): Change[] {
  const { added, gone, changed } = delta(before.stores, after.stores, ({ kind, name }) => [kind, name]);
  return [
    ...changed.flatMap(([was, is]) => storeChange(was, is)),
    ...added
      .filter(({ name }) => !told.has(name))
      .map(({ kind, name }): Change => ({
        ...{ kind: "store", sign: "new", from: name, phrase: phrase`the ${ours(kind)} ${name} is new and empty` },
      })),
    ...gone
      .filter(({ name }) => !told.has(name))
      .map(({ kind, name }): Change => ({
        ...{
          kind: "store",
          sign: "lost",
          from: name,
          phrase: phrase`the ${ours(kind)} ${name} is given up, ${fate(name, before, after)}`,
        },
      })),
  ];
}

function storeChange(was: Part<"stores">, is: Part<"stores">): Change[] {
  const { kind, name } = is;
  const size = (one: Part<"stores">): string => `${String(one.size ?? "?")} GiB`;
  const said = [
    ...(was.made === is.made
      ? []
      : [phrase`the ${ours(kind)} ${name} is replaced: what is on it is gone unless the engine is told to keep it`]),
    ...(was.size === is.size
      ? []
      : [phrase`the ${ours(kind)} ${name} goes from ${ours(size(was))} to ${ours(size(is))}`]),
    ...(was.kept === is.kept
      ? []
      : [phrase`the ${ours(kind)} ${name} ${ours(is.kept ? "now outlives" : "no longer outlives")} its resource`]),
  ];
  return said.map((text): Change => ({ kind: "store", sign: "changed", from: name, phrase: text }));
}

/** What the engine itself says it would do to what holds data, on the new side only. */
function stepChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.steps, after.steps, ({ op, type, name }) => [op, type, name]);
  const because = (all: readonly string[]): Phrase =>
    all.length === 0 ? ours("") : phrase`, because of ${names(all)}`;
  return [
    ...added.map((one): Change => ({
      ...{ kind: "store", sign: "changed", from: one.name },
      phrase: phrase`the engine would ${ours(one.op)} ${one.name}, a ${one.type}${because(one.because)}`,
    })),
    ...gone.map((one): Change => ({
      ...{ kind: "store", sign: "lost", from: one.name },
      phrase: phrase`the engine would no longer ${ours(one.op)} ${one.name}, a ${one.type}`,
    })),
  ];
}
