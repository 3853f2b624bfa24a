import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { requireOfficialParts } from "#scripts/toolchain/official.ts";
import type { ComparedPlugin } from "#scripts/toolchain/official.ts";
import type { Properties } from "#helpers/pulumi/values.ts";
import type { Comparison } from "./comparison.ts";
import { mutationsOf } from "./mutations.ts";
import { startPlugin } from "./plugin-process.ts";
import type { Created, Plugin, Subject } from "./plugin-process.ts";

const labPlugins = resolve(import.meta.dirname, "../../../lab/engine/plugins");

/** The official plugin and the lab's, with the same settings. */
export interface Both {
  readonly official: Plugin;
  readonly lab: Plugin;
  end(): Promise<void>;
}

export async function startBoth(name: ComparedPlugin, settings: Properties = {}): Promise<Both> {
  const { plugins } = await requireOfficialParts();
  const main = join(labPlugins, name, "main.ts");
  if (!existsSync(main)) throw new Error(`${main} is missing`);
  const official = await startPlugin(plugins[name], [], settings, name);
  const lab = await startPlugin(process.execPath, ["--disable-warning=ExperimentalWarning", main], settings, name);
  return {
    official,
    lab,
    end: async () => {
      await Promise.all([official.end(), lab.end()]);
    },
  };
}

/** A call that failed, in the plugin's own words. */
export interface Refusal {
  readonly refused: string;
}

/** What a call returned, or that it was refused. */
export async function answerOf<T>(call: Promise<T>): Promise<T | Refusal> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { refused: error.message };
  }
}

/** What Create made, to be compared: one that is refused by both proves nothing, and is an error. */
export function requireMade<T extends object>(subject: Subject, official: T | Refusal, lab: T | Refusal): void {
  if ("refused" in official && "refused" in lab) {
    throw new Error(`${subject.name} cannot be made here: ${official.refused}\nthe lab's: ${lab.refused}`);
  }
}

/** Check by both. @returns what each made of the inputs */
export async function compareCheck(
  comparison: Comparison,
  both: Both,
  subject: Subject,
  inputs: Properties,
): Promise<{ official: Properties; lab: Properties }> {
  const [official, lab] = await Promise.all([both.official.check(subject, inputs), both.lab.check(subject, inputs)]);
  const told = ({ inputs: checked, failures }: typeof official) => ({
    ...checked,
    "(failures)": failures.map(({ property }) => property).sort(),
  });
  comparison.compare(subject, "Check", told(official), told(lab));
  return { official: official.inputs, lab: lab.inputs };
}

/** Something that exists, as a plugin knows it. */
export type Existing = Created & { readonly inputs: Properties };

/** Diff by both against what each of them made: nothing changed, then every input changed by itself. */
export async function compareDiffs(
  comparison: Comparison,
  both: Both,
  subject: Subject,
  existing: { readonly official: Existing; readonly lab: Existing },
  inputs: Properties,
): Promise<void> {
  const questions = [{ what: "nothing changed", inputs }, ...mutationsOf(inputs)];
  // All at once: each is quick, and most of its time is waiting.
  const answers = await Promise.all(
    questions.map(async ({ what, inputs: next }) => ({
      what,
      official: await effectOf(both.official, subject, existing.official, next),
      lab: await effectOf(both.lab, subject, existing.lab, next),
    })),
  );
  for (const { what, official, lab } of answers)
    comparison.compare(subject, "Diff", { [what]: official }, { [what]: lab });
}

/** What would become of it, in a word: the names of properties in a diff are each plugin's own. */
async function effectOf(plugin: Plugin, subject: Subject, existing: Existing, next: Properties): Promise<string> {
  const checked = await plugin.check(subject, next, existing.inputs);
  if (checked.failures.length > 0) return "refused by Check";
  const diff = await answerOf(plugin.diff(subject, existing, checked.inputs));
  if ("refused" in diff) return "refused by Diff";
  if (!diff.changed) return "no change";
  return diff.replaces.length > 0 ? "replaced" : "updated";
}
