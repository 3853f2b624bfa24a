import { Command } from "commander";
import { withProgress } from "#helpers/terminal/progress.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { checkImages } from "./check-images.ts";
import type { PinReport } from "./check-images.ts";
import { KNOWN_HOLES } from "./known-holes.ts";
import { readImageLock } from "./lock-file.ts";
import { listTags } from "./registry-client.ts";

/** `npm run images -- check [--offline] [--json]`: which pins are too old, and why. */
export function checkCommand(): Command {
  return new Command("check")
    .description("which pinned images have known holes, and where a registry answers, which have a newer tag")
    .option("--offline", "ask no registry")
    .option("--json", "for a program to read")
    .action(async ({ json, offline }: { json?: true; offline?: true }, command: Command) => {
      const lock = await readImageLock(command.optsWithGlobals<{ file: string }>().file);
      const reports =
        offline === true
          ? await checkImages(lock, KNOWN_HOLES)
          : await withProgress("Asking the registries", () => checkImages(lock, KNOWN_HOLES, listTags));
      console.log(json === true ? JSON.stringify(reports, null, 2) : reports.map(linesOf).join("\n"));
      if (json !== true) refuseHoles(reports);
      else if (reports.some(({ open }) => open.length > 0)) process.exitCode = 1;
    });
}

function linesOf({ key, tag, holes, open, newer, unasked, unknown, note }: PinReport): string {
  if (unknown !== undefined) return `- ${key}: not judged (${unknown})`;
  const sign = open.length > 0 ? "✗" : newer === undefined ? "✓" : "!";
  return [
    `${sign} ${key} ${tag ?? ""}${newer === undefined ? "" : `; newest of its line: ${newer}`}`,
    ...holes.map(
      ({ id, what, notHere }) => `    ${id}: ${what}${notHere === undefined ? "" : `. Not here: ${notHere}`}`,
    ),
    ...(unasked === undefined ? [] : [`    newer tags: not known, ${unasked}`]),
    ...(note === undefined ? [] : [`    ${note}`]),
  ].join("\n");
}

function refuseHoles(reports: readonly PinReport[]): void {
  const bad = reports.filter(({ open }) => open.length > 0);
  if (bad.length === 0) return;
  throw new ProblemReport(
    "Pinned images have known holes",
    bad.map(({ key, tag, open, floor = "", newer = floor }) => ({
      property: key,
      found: `${tag ?? ""}, with ${open.map(({ id }) => id).join(", ")}`,
      expected: `${floor} or newer`,
      fix: `npm run images -- lock ${key} --tag ${newer}`,
    })),
  );
}
