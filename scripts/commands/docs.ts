import type { Command } from "commander";
import { checkout } from "#helpers/files/directories.ts";
import { problem } from "#helpers/terminal/report.ts";
import { stalePages, writePages } from "../docs/pages.ts";

/** `npm run docs [-- --check]`: writes the pages that are made from code, or finds out whether they are current. */
export function register(program: Command): void {
  program
    .command("docs")
    .description("write the pages that are made from code: settings, policies, waivers, machines, lab plugins")
    .option("--check", "write nothing; fail when a page does not say what the code says")
    .action(async ({ check = false }: { check?: boolean }) => {
      if (check) await requireCurrent();
      else report(await writePages(checkout));
    });
}

async function requireCurrent(): Promise<void> {
  const stale = await stalePages(checkout);
  if (stale.length === 0) {
    console.log("Every page says what the code says.");
    return;
  }
  throw problem("Pages do not say what the code says", {
    property: "generated pages",
    found: stale.join("\n"),
    expected: "what the code says",
    fix: "npm run docs",
  });
}

function report(written: readonly string[]): void {
  console.log(written.length === 0 ? "Every page was current already." : `Written: ${written.join(", ")}`);
}
