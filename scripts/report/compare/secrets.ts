import type { Change } from "../change.ts";
import { names, ours, phrase, words } from "../phrase.ts";
import type { Phrase } from "../phrase.ts";
import type { Part, Side } from "../side.ts";
import { delta } from "./delta.ts";

/** Which secrets are rotated, new or given up; who reads one is told as reach. */
export function secretChanges(before: Side, after: Side): Change[] {
  const { added, gone, changed } = delta(before.secrets, after.secrets, ({ name }) => [name]);
  return [
    ...added.map(({ name, opens }): Change => ({
      ...{ kind: "secret", sign: "new", from: name, phrase: phrase`${name} is new; it opens: ${words(opens)}` },
    })),
    ...gone.map(({ name }): Change => ({
      ...{ kind: "secret", sign: "lost", from: name, phrase: phrase`${name} is given up` },
    })),
    ...changed
      .filter(([was, is]) => was.generation !== is.generation)
      .map(([was, is]): Change => ({ kind: "generation", sign: "changed", from: is.name, phrase: rotation(was, is) })),
  ];
}

function rotation(was: Part<"secrets">, { name, generation, readers }: Part<"secrets">): Phrase {
  const to = ours(`${String(was.generation)} to ${String(generation)}`);
  const replaced = readers.length === 0 ? ours("nobody reads it") : phrase`made anew for it: ${names(readers)}`;
  const valid =
    generation === was.generation + 1
      ? "the value before stays valid until the next one"
      : generation < was.generation
        ? "an older generation, which is not the value that it had"
        : "more than one at once, so the value before is no longer valid";
  return phrase`${name} goes from generation ${to}: ${ours(valid)}; ${replaced}`;
}
