import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";
import { readSide } from "./read-side.ts";
import type { Side } from "./side.ts";

export interface Planned {
  readonly stack: string;
  /** The day on which waivers are looked at, as YYYY-MM-DD. */
  readonly asOf: string;
}

const COMMAND = "scripts/commands/report.ts";

/** What a stack of a checkout plans, by the checkout's own code in a process of its own. @throws {ProblemReport} */
export async function sideOfCheckout(directory: string, { stack, asOf }: Planned, title: string): Promise<Side> {
  const args = ["--disable-warning=ExperimentalWarning", "scripts/cli.ts", "report", "--plan"];
  const run = await execa(process.execPath, [...args, "--stack", stack, "--as-of", asOf], {
    cwd: directory,
    env: { NO_COLOR: "1" },
    reject: false,
    stdin: "ignore",
    maxBuffer: 256 * 1024 ** 2,
  });
  if (run.exitCode === 0) return readSide(run.stdout, title);
  throw problem(`${title} cannot be planned`, {
    property: title,
    found: firstText(run.stderr, run.stdout),
    expected: "a stack that its own code can plan",
    fix: `put it right there: npm run report -- --plan --stack ${stack}`,
  });
}

/**
 * What a stack of another commit plans, in a work tree of its own that is gone afterwards. It runs on the packages of this
 * checkout, so the lock file has to be the same.
 *
 * @param ref how the commit was asked for
 * @throws {ProblemReport} where it cannot say what it plans
 */
export async function sideOfCommit(checkout: string, commit: string, ref: string, planned: Planned): Promise<Side> {
  const scratch = await mkdtemp(join(tmpdir(), "garrison-report-"));
  const tree = join(scratch, "base");
  try {
    await git(checkout, ["worktree", "add", "--detach", "--quiet", tree, commit]);
    await requireCommand(checkout, tree, ref, planned.stack);
    await requireSamePackages(checkout, tree, ref, planned.stack);
    await lendPackages(checkout, tree);
    return await sideOfCheckout(tree, planned, `the base ${ref}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await git(checkout, ["worktree", "prune"]);
  }
}

/** The hash of what a name means. A name that begins with a dash would be an option. */
export async function commitOf(checkout: string, ref: string): Promise<string> {
  const found = ref.startsWith("-")
    ? undefined
    : await git(checkout, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], false);
  if (found?.exitCode === 0) return found.stdout.trim();
  throw problem("There is no such base", {
    property: "--base",
    found: ref,
    expected: "a commit of this repository; a shallow clone has few: git fetch --unshallow",
    fix: "npm run report -- --base HEAD~1",
  });
}

async function requireCommand(checkout: string, tree: string, ref: string, stack: string): Promise<void> {
  if (existsSync(join(tree, COMMAND))) return;
  const first = await git(checkout, ["log", "--format=%h", "--diff-filter=A", "--max-count=1", "--", COMMAND], false);
  throw problem("The base is too old to say what it plans", {
    property: "--base",
    found: `${ref}, which has no ${COMMAND}`,
    expected: "a commit that has `npm run report`",
    fix: `npm run report -- --stack ${stack} --base ${first.stdout.trim() || "HEAD"}`,
  });
}

async function requireSamePackages(checkout: string, tree: string, ref: string, stack: string): Promise<void> {
  const [own, its] = await Promise.all([checkout, tree].map((one) => readFile(join(one, "package-lock.json"), "utf8")));
  if (own === its) return;
  throw problem("The base needs other packages", {
    property: "package-lock.json",
    found: `another one in ${ref}`,
    expected: "the same packages on both sides, or the base's plan as a file",
    fix: `in a checkout of ${ref}: npm ci && npm run --silent report -- --plan --stack ${stack} > base.json; then here: npm run report -- --stack ${stack} --base-plan base.json`,
  });
}

/** Links to each package; one of the repository itself is the tree's own, as in the checkout. */
async function lendPackages(checkout: string, tree: string): Promise<void> {
  const [from, to] = [join(checkout, "node_modules"), join(tree, "node_modules")];
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name !== "@garrison") {
      await symlink(join(from, entry.name), join(to, entry.name));
      continue;
    }
    await mkdir(join(to, entry.name));
    for (const own of await readdir(join(from, entry.name))) {
      await symlink(await readlink(join(from, entry.name, own)), join(to, entry.name, own));
    }
  }
}

async function git(cwd: string, args: readonly string[], needed = true) {
  const run = await execa("git", args, { cwd, reject: false, stdin: "ignore" });
  if (run.exitCode === 0 || !needed) return run;
  throw problem("git cannot give the base", {
    property: `git ${args.slice(0, 2).join(" ")}`,
    found: firstText(run.stderr, run.shortMessage),
    expected: "a work tree of the base",
    fix: "git worktree prune, then the same command again",
  });
}
