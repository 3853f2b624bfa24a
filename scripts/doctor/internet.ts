import type { Estate } from "#lab/estate/estate.ts";
import { internetAddresses } from "#lab/internet/addresses.ts";
import { missingFromInternet } from "#lab/internet/ensure.ts";
import { note, ok, wrong } from "./finding.ts";
import type { Finding } from "./finding.ts";

const name = "lab internet";
const shown = 3;

/** Whether the estate's lab internet is whole. Without a deployment it need not be there. */
export async function checkInternet(estate: Estate, deployed: boolean): Promise<Finding> {
  if (process.getuid?.() !== 0) return note(name, "only root can look into its network namespace");
  return judge(await missingFromInternet({ estate, directory: estate.files.directory }), deployed);
}

/** The finding that follows from what is missing. */
export function judge(missing: readonly string[], deployed: boolean): Finding {
  if (missing.length === 0) return ok(name, `whole, its resolver is ${internetAddresses.resolver}`);
  if (!deployed) return note(name, "not made; npm run up makes it");
  const more = missing.length > shown ? ` and ${String(missing.length - shown)} more` : "";
  return wrong(name, `missing: ${missing.slice(0, shown).join(", ")}${more}`, "npm run up (makes it whole)");
}
