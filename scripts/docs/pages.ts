import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withEveryMachine } from "#components/machine/other-machines.ts";
import { renderConfiguration } from "#policies/configurations.ts";
import { eventJsonSchema } from "#programs/lib/events/event.ts";
import { publishedSchema } from "#policies/lib/declarations-schema.ts";
import { referencePages } from "#policies/reference.ts";
import { stacks } from "#stacks/machines.ts";
import { checkout } from "#helpers/files/directories.ts";
import { reportJsonSchema } from "../report/json.ts";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { architecturePage } from "../directions/picture.ts";
import { committedNetwork } from "./committed-network.ts";
import { containerPage } from "./container-page.ts";
import { evidencePage } from "./evidence-page.ts";
import { machinePage } from "./machine-page.ts";
import { networkPage } from "./network-page.ts";
import { runtimeFloorPage } from "./runtime-floor-page.ts";
import { settingsPage } from "./settings-page.ts";
import { waiverLedger } from "./waiver-ledger.ts";

/** Every machine with all others at their places: pages say what relations there are. */
const drawn = Object.entries(stacks).map(
  ([role, stack]) => [role, { ...stack, machine: withEveryMachine(stack.machine) }] as const,
);
const machines = drawn.map(([, { machine }]) => machine);

/** Every page that is made from code: its path in the checkout, and what it has to say. */
export const pages: Readonly<Record<string, () => string>> = {
  "docs/waivers.md": () => waiverLedger(machines),
  ...Object.fromEntries(
    drawn.flatMap(([role, stack]) => [
      [`docs/reference/${role}.md`, () => machinePage(stack, committedNetwork(role))],
      [`docs/reference/${role}-network.md`, () => networkPage(stack, committedNetwork(role))],
    ]),
  ),
  "docs/explanation/architecture.md": () => architecturePage(join(checkout, "docs/explanation/architecture.md")),
  "docs/reference/container.md": containerPage,
  "docs/reference/evidence.md": () => evidencePage(machines),
  "docs/reference/runtime-floor.md": runtimeFloorPage,
  "docs/reference/settings.md": settingsPage,
  ...referencePages,
  "policies/config/baseline.json": () => renderConfiguration("baseline"),
  "policies/config/strict.json": () => renderConfiguration("strict"),
  "policies/declarations.schema.json": () => `${JSON.stringify(publishedSchema, undefined, 2)}\n`,
  "docs/reference/event.schema.json": eventJsonSchema,
  "docs/reference/report.schema.json": reportJsonSchema,
  "lab/engine/schemas/azure-native.json": () => engineSays("azure-schema"),
  "docs/reference/lab-plugins.md": () => engineSays("plugins"),
};

/** The lab's engine is a workspace of its own: it is asked, not imported. */
function engineSays(page: string): string {
  const program = join(checkout, "lab/engine/reference.ts");
  // Warnings of Node 22 about stripped types would be in the way of a failure's own words.
  return execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", program, page], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
}

/** Paths of the pages that do not say what the code says. */
export async function stalePages(directory: string, all = pages): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, render] of Object.entries(all)) {
    if ((await written(join(directory, path))) !== render()) stale.push(path);
  }
  return stale;
}

/** Writes the pages that are stale, and returns their paths. */
export async function writePages(directory: string, all = pages): Promise<string[]> {
  const stale = await stalePages(directory, all);
  for (const path of stale) await writeFileAtomic(join(directory, path), all[path]?.() ?? "");
  return stale;
}

async function written(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
