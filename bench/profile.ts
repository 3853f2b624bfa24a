import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { GarrisonMachine } from "./garrison-machine.ts";
import { time } from "./measure.ts";

/** Where one process of a preview spent its processor time. */
export interface ProcessProfile {
  /** Which part of the engine it is. */
  readonly role: string;
  readonly seconds: number;
  /** Its largest parts, by package or by directory of this project. */
  readonly parts: readonly { readonly name: string; readonly seconds: number }[];
}

const profileSchema = z.looseObject({
  nodes: z.array(
    z.looseObject({ id: z.number(), callFrame: z.looseObject({ functionName: z.string(), url: z.string() }) }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.infer<typeof profileSchema>;

/** Files by which a process is recognised; the first that matches counts. */
const roles: readonly (readonly [pattern: RegExp, role: string])[] = [
  [/pulumi\/cmd\/run-policy-pack\//, "policy pack"],
  [/pulumi\/cmd\/run\//, "program"],
  [/lab\/engine\/language-host\//, "language host"],
  [/lab\/engine\/plugins\/([\w-]+)\//, "plugin"],
];

/** Runs one preview with Node's profiler in every Node of the engine. The profiler itself costs time. */
export async function profilePreview(garrison: GarrisonMachine, scratch: string): Promise<ProcessProfile[]> {
  const command = garrison.command("office", ["preview"], { policies: true });
  const directory = join(scratch, "profiles");
  const environment = { ...command.environment, NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${directory}` };
  await time(garrison.command("office", ["preview"], { policies: true }));
  const run = await time({ ...command, environment });
  const names = (await readdir(directory)).filter((name) => name.endsWith(".cpuprofile")).sort();
  const processes = await Promise.all(
    names.map(async (name) =>
      readProfile(profileSchema.parse(JSON.parse(await readFile(join(directory, name), "utf8")))),
    ),
  );
  const inNode = processes.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    ...processes,
    { role: "engine, and what no profile was written of", seconds: Math.max(0, run.cpuSeconds - inNode), parts: [] },
  ];
}

export function readProfile(profile: Profile): ProcessProfile {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === "(idle)") continue;
    const name = partOf(frame);
    parts.set(name, (parts.get(name) ?? 0) + Math.max(0, profile.timeDeltas[index] ?? 0) / 1e6);
  }
  const sorted = [...parts].map(([name, seconds]) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds);
  return {
    role: roleOf(profile.nodes.map(({ callFrame }) => callFrame.url)),
    seconds: sorted.reduce((sum, part) => sum + part.seconds, 0),
    parts: sorted.slice(0, 6),
  };
}

function roleOf(urls: readonly string[]): string {
  for (const [pattern, role] of roles) {
    const match = urls.map((url) => pattern.exec(url)).find((found) => found !== null);
    if (match !== undefined) return match[1] === undefined ? role : `${role} ${match[1]}`;
  }
  return "another Node";
}

/** The package, the directory of this project, or what of Node itself. */
function partOf({ url, functionName }: { readonly url: string; readonly functionName: string }): string {
  if (functionName.startsWith("(")) return functionName === "(garbage collector)" ? "garbage collector" : "native code";
  const packaged = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (packaged !== undefined) return packaged;
  if (url.startsWith("wasm:") || url.includes("amaro")) return "Node: stripping types";
  if (url === "" || url.startsWith("node:")) return "Node: loading modules and its own code";
  return /\/((?:stacks|components|policies|lab\/engine))\//.exec(url)?.[1] ?? "other";
}

/** The profile as text: processes in the order in which they were started. */
export function renderProfile(processes: readonly ProcessProfile[]): string {
  const total = processes.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    `Processor time of one preview with policies, profiled: ${total.toFixed(2)} s`,
    ...processes.flatMap(({ role, seconds, parts }) => [
      `  ${seconds.toFixed(2)} s  ${role}`,
      ...parts.map((part) => `            ${part.seconds.toFixed(2)} s  ${part.name}`),
    ]),
  ].join("\n");
}
