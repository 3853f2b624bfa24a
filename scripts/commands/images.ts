import { join } from "node:path";
import { Command } from "commander";
import { imageReference, withBuilt } from "#components/container/image-lock.ts";
import type { BuiltLock, ImageLock } from "#components/container/image-lock.ts";
import { builtLockFile } from "#components/settings/images.ts";
import { checkout } from "#helpers/files/directories.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { buildCommand } from "../images/build-command.ts";
import { checkCommand } from "../images/check-command.ts";
import { IMAGE_LOCK, readBuiltLock, readImageLock, writeImageLock } from "../images/lock-file.ts";
import { lockImages, retag } from "../images/lock-images.ts";
import type { LockOutcome } from "../images/lock-images.ts";
import { lookUpDigest } from "../images/registry-client.ts";

/** `npm run images -- lock [key…] | build [key…] | list | check`: images looked up, built, shown and judged. */
export function register(program: Command): void {
  program.addCommand(
    new Command("images")
      .description("the images that the estate runs, and their digests")
      .option("--file <path>", "the image lock", IMAGE_LOCK)
      .addCommand(lockCommand())
      .addCommand(buildCommand())
      .addCommand(listCommand())
      .addCommand(checkCommand()),
  );
}

function lockCommand(): Command {
  return new Command("lock")
    .description("ask the registries which digest each tag has, and write it to the image lock")
    .argument("[keys...]", "keys of the image lock; all when none is named")
    .option("--tag <tag>", "pin the one image that is named to this tag first")
    .action(async (keys: string[], { tag }: { tag?: string }, command: Command) => {
      const file = fileOf(command);
      const written = await readImageLock(file);
      const before = tag === undefined ? written : retag(written, keys, tag);
      const { lock, outcomes } = await withProgress("Asking the registries", () =>
        lockImages(before, keys, lookUpDigest),
      );
      if (JSON.stringify(lock) !== JSON.stringify(written)) await writeImageLock(file, lock);
      for (const outcome of outcomes) console.log(lineOf(outcome));
      refuseFailures(outcomes);
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("what the image lock says, and what keeps an image from being deployed")
    .option("--stack <name>", "the deployment whose own images are shown", "office")
    .option("--json", "for a program to read")
    .action(async ({ json, stack }: { json?: true; stack: string }, command: Command) => {
      const lock = await readImageLock(fileOf(command));
      const built = await readBuiltLock(join(checkout, builtLockFile(stack, {})), stack);
      const rows = Object.keys(lock.images).map((key) => ({ key, ...shown(key, lock, built) }));
      if (json === true) {
        console.log(JSON.stringify(rows, null, 2));
        return;
      }
      const width = Math.max(...rows.map(({ key }) => key.length));
      for (const row of rows) {
        console.log(`${row.key.padEnd(width)}  ${"reference" in row ? row.reference : `not locked: ${row.problem}`}`);
      }
    });
}

/** What the deployment built comes first. */
function shown(key: string, lock: ImageLock, built: BuiltLock) {
  const daemon = built.images[key]?.daemon;
  return imageReference(withBuilt(lock, built, daemon ?? ""), key);
}

function fileOf(command: Command): string {
  return command.optsWithGlobals<{ file: string }>().file;
}

function lineOf(outcome: LockOutcome): string {
  const { key, kind } = outcome;
  if (kind === "failed") return `✗ ${key}: not looked up`;
  if (kind === "built-here") return `- ${key}: nothing to look up (${outcome.reason})`;
  if (kind === "moved") return `! ${key}: ${outcome.digest}; the lock had ${outcome.before}: the tag was pushed again`;
  return `✓ ${key}: ${outcome.digest}${kind === "unchanged" ? " (as before)" : ""}`;
}

function refuseFailures(outcomes: readonly LockOutcome[]): void {
  const failed = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome] : []));
  if (failed.length === 0) return;
  const names = failed.map(({ key }) => key).join(" ");
  throw new ProblemReport(
    "Not every digest could be looked up; these entries stay as they were",
    failed.map(({ key, reason }) => ({
      property: key,
      found: reason,
      expected: "the digest of the tag, from its registry",
      fix: `npm run images -- lock ${failed.length === 1 ? key : names}`,
    })),
  );
}
