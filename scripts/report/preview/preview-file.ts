import { z } from "zod";
import { jsonIn } from "#helpers/files/json.ts";
import { problem } from "#helpers/terminal/report.ts";
import type { ProblemReport } from "#helpers/terminal/report.ts";
import type { JudgedResource } from "../plan/judged-resource.ts";

const values = z.record(z.string(), z.unknown());
const state = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().optional(),
  inputs: values.optional(),
  outputs: values.optional(),
  parent: z.string().optional(),
  retainOnDelete: z.boolean().optional(),
  replaceOnChanges: z.array(z.string()).nullish(),
});
const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  newState: state.nullish(),
  replaceReasons: z.array(z.string()).nullish(),
});
const digest = z.looseObject({ steps: z.array(step), changeSummary: z.record(z.string(), z.number()).nullish() });

export type PreviewState = z.infer<typeof state>;
export type PreviewStep = z.infer<typeof step>;

/** What `pulumi preview --json --show-sames` prints. */
export interface Preview {
  readonly steps: readonly PreviewStep[];
  /** Every resource that would be there afterwards, by its URN. */
  readonly resources: ReadonlyMap<string, PreviewState>;
}

const COMMAND = "pulumi preview --json --show-sames > preview.json";

/** @throws {ProblemReport} where it is no such output, or one that leaves out what does not change */
export function readPreview(text: string, title: string): Preview {
  const found = digest.safeParse(jsonIn(text));
  if (!found.success) throw wrong(title, text.trim() === "" ? "an empty file" : "no JSON with `steps`");
  const { steps, changeSummary } = found.data;
  const same = changeSummary?.same ?? 0;
  const shown = steps.filter(({ op }) => op === "same").length;
  // The engine shows the stack itself in any case (run on 3.259; read in its display of JSON).
  if (shown < same) throw wrong(title, `${String(same - shown)} resources that do not change are left out`);
  const there = steps.flatMap(({ newState, op }) => {
    return newState === null || newState === undefined || op.startsWith("delete")
      ? []
      : [[newState.urn, newState] as const];
  });
  return { steps, resources: new Map(there) };
}

function wrong(title: string, found: string): ProblemReport {
  return problem("This is no preview that can be compared", {
    property: title,
    found,
    expected: "what `pulumi preview --json --show-sames` prints",
    fix: COMMAND,
  });
}

/** As the policies are asked about them: inputs of resources, outputs of components. */
export function judgedIn({ resources }: Preview): JudgedResource[] {
  const opened = new Map<string, JudgedResource>();
  const add = (one: PreviewState): void => {
    if (opened.has(one.urn)) return;
    const parent = resources.get(one.parent ?? "");
    if (parent !== undefined) add(parent);
    const properties = (one.custom === false ? (one.outputs ?? one.inputs) : one.inputs) ?? {};
    const { urn, type } = one;
    opened.set(urn, {
      urn,
      type,
      name: nameIn(urn),
      properties,
      secrets: secretPaths(properties, ""),
      parent: one.parent,
    });
  };
  for (const one of resources.values()) add(one);
  return [...opened.values()];
}

/** `urn:pulumi:stack::project::type::name` */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The engine writes this in the place of every secret. */
function secretPaths(value: unknown, path: string): string[] {
  if (value === "[secret]") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => secretPaths(inner, path === "" ? name : `${path}.${name}`));
}
