import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { EstateFiles } from "#lab/estate/paths.ts";
import { problem } from "#helpers/terminal/report.ts";

/** Name of the project in Pulumi.yaml: part of where the engine keeps its state. */
export const projectName = "garrison";

const properties = z.record(z.string(), z.unknown());
const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  custom: z.boolean().optional(),
  delete: z.boolean().optional(),
  parent: z.string().optional(),
  inputs: properties.optional(),
  outputs: properties.optional(),
});

export type StateResource = z.infer<typeof resourceSchema>;

const deploymentSchema = z.looseObject({
  resources: z.array(resourceSchema).nullish(),
  pending_operations: z.array(z.looseObject({ type: z.string(), resource: resourceSchema })).nullish(),
});
const checkpointSchema = z.looseObject({ checkpoint: z.looseObject({ latest: deploymentSchema.nullish() }) });

const secretSchema = z.object({
  "4dabf18193072939515e22adb298388d": z.literal("1b47061264138c4ac30d75fd1eb44270"),
  plaintext: z.string(),
});

/** What the engine knows about an estate. */
export interface EngineState {
  /** `false` until the stack was made for the first time. */
  readonly exists: boolean;
  readonly resources: readonly StateResource[];
  /** Steps of a run that was killed: whether they took effect is not known. */
  readonly pending: readonly { readonly type: string; readonly urn: string }[];
}

/** Where the engine keeps the state of an estate's stack. */
export function stateFile(files: EstateFiles, stack: string): string {
  return join(files.backend, ".pulumi", "stacks", projectName, `${stack}.json`);
}

/** Reads the state without the engine: which engine may touch it is one of the things it tells. */
export async function readState(files: EstateFiles, stack: string): Promise<EngineState> {
  const file = stateFile(files, stack);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { exists: false, resources: [], pending: [] };
    }
    throw error;
  }
  return parseState(text, file);
}

/** The state as `pulumi stack export --show-secrets` prints it, every secret in the place of its value. */
export function parseExport(text: string): EngineState {
  const { deployment } = z.object({ deployment: deploymentSchema }).parse(JSON.parse(text, shown));
  return { exists: true, resources: deployment.resources ?? [], pending: [] };
}

/** `{ "4dabf1…": "1b4706…", "plaintext": "\"…\"" }` is a secret, as JSON. */
function shown(_key: string, value: unknown): unknown {
  const secret = secretSchema.safeParse(value);
  return secret.success ? JSON.parse(secret.data.plaintext, shown) : value;
}

/** The state from the engine's own file. */
export function parseState(text: string, file: string): EngineState {
  try {
    const { latest } = checkpointSchema.parse(JSON.parse(text)).checkpoint;
    return {
      exists: true,
      resources: latest?.resources ?? [],
      pending: (latest?.pending_operations ?? []).map(({ type, resource }) => ({ type, urn: resource.urn })),
    };
  } catch (error) {
    throw problem("The state of the estate cannot be read", {
      property: file,
      found: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
      expected: "a state that Pulumi wrote",
      fix: "npm run up (goes on from the newest copy that can be read)",
    });
  }
}

/** Which plugins wrote a state: the official ones, the lab's, both, or none yet. */
type StateAuthor = "official" | "lab" | "both" | "nobody";

/** Output by which the lab's plugins mark every resource that they write. */
const labMark = "__garrisonLab";
const pluginTypes = /^(docker|random|command|tls):/;

export function stateAuthor(state: EngineState): StateAuthor {
  const judged = state.resources.filter((resource) => pluginTypes.test(resource.type) && resource.id !== undefined);
  const marked = judged.filter((resource) => resource.outputs !== undefined && labMark in resource.outputs);
  if (judged.length === 0) return "nobody";
  if (marked.length === judged.length) return "lab";
  return marked.length === 0 ? "official" : "both";
}

/** The outputs of the stack itself. */
export function stackOutputs(state: EngineState): Readonly<Record<string, unknown>> {
  return state.resources.find((resource) => resource.type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

/** Ids of everything that Docker keeps for this state. */
export function dockerIds(state: EngineState): Set<string> {
  const docker = state.resources.filter((resource) => resource.type.startsWith("docker:"));
  return new Set(docker.flatMap(({ id }) => (id === undefined ? [] : [id])));
}
