import type { Change } from "../change.ts";
import { names, ours, phrase, words } from "../phrase.ts";
import type { Phrase } from "../phrase.ts";
import type { Part, Side } from "../side.ts";
import { delta, groups } from "./delta.ts";

type Waiver = Part<"waivers">;

/** Waivers that are new, changed or past their day, what the pack finds, and rules that are gone or weaker. */
export function policyChanges(before: Side, after: Side, asOf: string): Change[] {
  return [
    ...waiverChanges(before, after),
    ...expired(after, asOf),
    ...findingChanges(before, after),
    ...ruleChanges(before, after),
  ];
}

function waiverChanges(before: Side, after: Side): Change[] {
  const { added, gone, changed } = delta(merged(before), merged(after), ({ of, rule }) => [of, rule]);
  const change = (sign: "new" | "changed" | "lost", { of }: Waiver, text: Phrase): Change => {
    return { kind: "waiver", sign, from: of, phrase: text };
  };
  return [
    ...added.map((one) =>
      change("new", one, phrase`${one.of} may depart from ${one.rule}${adds(one.adds)}${record(one)}`),
    ),
    ...gone.map((one) => change("lost", one, phrase`${one.of} may no longer depart from ${one.rule}${adds(one.adds)}`)),
    ...changed.map(([was, is]) => {
      const said = differences(was, is).flatMap((one, index): Phrase => (index === 0 ? one : ["; ", ...one]));
      return change("changed", is, phrase`${is.of}, ${is.rule}: ${said}`);
    }),
  ];
}

function adds(all: readonly string[]): Phrase {
  return all.length === 0 ? ours("") : phrase` with ${names(all)}`;
}

function record({ reason, owner, expires }: Waiver): Phrase {
  if (reason === "" && owner === "") return ours(", by label");
  return phrase` until ${words(expires)}, for ${words(owner)}: ${words(reason)}`;
}

function differences(was: Waiver, is: Waiver): Phrase[] {
  const wider = is.adds.filter((one) => !was.adds.includes(one));
  const narrower = was.adds.filter((one) => !is.adds.includes(one));
  return [
    ...(wider.length === 0 ? [] : [phrase`wider by ${names(wider)}`]),
    ...(narrower.length === 0 ? [] : [phrase`narrower by ${names(narrower)}`]),
    ...(was.expires === is.expires
      ? []
      : [
          phrase`${ours(is.expires > was.expires ? "longer" : "shorter")}, until ${words(is.expires)} and not ${words(was.expires)}`,
        ]),
    ...(was.owner === is.owner ? [] : [phrase`${words(is.owner)} answers for it and not ${words(was.owner)}`]),
    ...(was.reason === is.reason ? [] : [phrase`its reason is now: ${words(is.reason)}`]),
  ];
}

/** Several of one rule on one container are one departure. */
function merged({ waivers }: Side): Waiver[] {
  return groups(waivers, ({ of, rule }) => [of, rule]).map((same): Waiver => {
    const [{ of, rule }] = same;
    const all = (of: (one: Waiver) => string): string => [...new Set(same.map(of))].sort().join("; ");
    const expires =
      same
        .map((one) => one.expires)
        .sort()
        .at(-1) ?? "";
    const added = [...new Set(same.flatMap((one) => one.adds))].sort();
    return { of, rule, adds: added, reason: all((one) => one.reason), owner: all((one) => one.owner), expires };
  });
}

function expired(after: Side, asOf: string): Change[] {
  return merged(after)
    .filter(({ expires }) => expires !== "" && expires < asOf)
    .map(({ of, rule, expires }): Change => ({
      ...{ kind: "waiver", sign: "expired", from: of },
      phrase: phrase`${of} departs from ${rule} by a waiver that ended on ${words(expires)}`,
    }));
}

function findingChanges(before: Side, after: Side): Change[] {
  const { added, gone } = delta(before.findings, after.findings, (one) => [
    one.rule,
    one.resource,
    one.property,
    one.found,
  ]);
  return [
    ...added.map((one) => finding("new", one, ours(`${one.level}, ${one.severity}`))),
    ...gone.map((one) => finding("lost", one, ours("no longer found"))),
  ];
}

function finding(sign: "new" | "lost", { rule, resource, property, found }: Part<"findings">, how: Phrase): Change {
  const where = resource === "" ? ours("the whole stack") : phrase`${resource}`;
  const text = phrase`${rule} (${how}) on ${where}, ${property}: ${words(found)}`;
  return { kind: "finding", sign, from: resource, to: rule, phrase: text };
}

function ruleChanges(before: Side, after: Side): Change[] {
  const { added, gone, changed } = delta(before.rules, after.rules, ({ id }) => [id]);
  return [
    ...added.map(({ id, level }): Change => ({
      ...{ kind: "rule", sign: "new", from: id, phrase: phrase`the rule ${id} is new, ${ours(level)}` },
    })),
    ...gone.map(({ id }): Change => ({
      ...{ kind: "rule", sign: "lost", from: id, phrase: phrase`the rule ${id} is gone from the pack` },
    })),
    ...changed.map(([was, is]): Change => ({
      ...{ kind: "rule", sign: "changed", from: is.id },
      phrase: phrase`the rule ${is.id} is ${ours(is.level)}, waivable ${ours(is.waivable)}, and was ${ours(was.level)}, ${ours(was.waivable)}`,
    })),
  ];
}
