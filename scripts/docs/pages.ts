import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pluginsPage } from "../../lab/engine/coverage.ts";
import { allPlugins } from "../../lab/engine/plugins/all.ts";
import { renderConfiguration } from "../../policies/configurations.ts";
import { publishedSchema } from "../../policies/lib/declarations-schema.ts";
import { renderReference } from "../../policies/reference.ts";
import { office } from "../../stacks/office.ts";
import { writeFileAtomic } from "../lib/atomic.ts";
import { azureSchema } from "./azure-schema/render.ts";
import { containerPage } from "./container-page.ts";
import { evidencePage } from "./evidence-page.ts";
import { machinePage } from "./machine-page.ts";
import { networkPage } from "./network-page.ts";
import { runtimeFloorPage } from "./runtime-floor-page.ts";
import { settingsPage } from "./settings-page.ts";
import { waiverLedger } from "./waiver-ledger.ts";

/** The machines that are there. */
const machines = [office];

/** Every page that is made from code: its path in the checkout, and what it has to say. */
export const pages: Readonly<Record<string, () => string>> = {
  "docs/waivers.md": () => waiverLedger(machines),
  ...Object.fromEntries(
    machines.flatMap((machine) => [
      [`docs/reference/${machine.role}.md`, () => machinePage(machine)],
      [`docs/reference/${machine.role}-network.md`, () => networkPage(machine)],
    ]),
  ),
  "docs/reference/container.md": containerPage,
  "docs/reference/evidence.md": () => evidencePage(machines),
  "docs/reference/runtime-floor.md": runtimeFloorPage,
  "docs/reference/settings.md": settingsPage,
  "docs/reference/policies.md": renderReference,
  "policies/config/baseline.json": () => renderConfiguration("baseline"),
  "policies/config/strict.json": () => renderConfiguration("strict"),
  "policies/declarations.schema.json": () => `${JSON.stringify(publishedSchema, undefined, 2)}\n`,
  "lab/engine/schemas/azure-native.json": azureSchema,
  "docs/reference/lab-plugins.md": () => pluginsPage(allPlugins),
};

/** Paths of the pages that do not say what the code says. */
export async function stalePages(checkout: string): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, render] of Object.entries(pages)) {
    if ((await written(join(checkout, path))) !== render()) stale.push(path);
  }
  return stale;
}

/** Writes the pages that are stale, and returns their paths. */
export async function writePages(checkout: string): Promise<string[]> {
  const stale = await stalePages(checkout);
  for (const path of stale) await writeFileAtomic(join(checkout, path), pages[path]?.() ?? "");
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
