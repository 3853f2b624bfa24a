import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../helpers/files/directories.ts";
import { withLock } from "../helpers/files/lock.ts";
import { withProgress } from "../helpers/terminal/progress.ts";
import { firstText } from "../helpers/terminal/first-text.ts";
import { problem } from "../helpers/terminal/report.ts";

/** Ansible that Garrison is measured against; `bench/ansible/requirements.txt` pins the same one (a test compares). */
export const ansibleVersion = "2.19.14";

const requirements = resolve(import.meta.dirname, "ansible/requirements.txt");

/** `ansible-playbook` of that version: installed into an environment of its own on first use, then kept in the cache. */
export async function ensureAnsible(): Promise<string> {
  const directory = join(cacheDirectory(), "ansible", `v${ansibleVersion}`);
  const file = join(directory, "bin", "ansible-playbook");
  if (await answers(file)) return file;
  await mkdir(dirname(directory), { recursive: true });
  await withLock(`${directory}.lock`, async () => {
    if (await answers(file)) return;
    // An environment knows its own path, so it is made in place; a half one does not answer and is made again.
    await rm(directory, { recursive: true, force: true });
    await withProgress(`Installing Ansible ${ansibleVersion}`, async () => {
      await step("python3", ["-m", "venv", directory]);
      await step(join(directory, "bin", "pip"), ["install", "--quiet", "--no-deps", "-r", requirements]);
    });
    if (!(await answers(file))) throw unusable(file, "it does not say its version");
  });
  return file;
}

async function answers(file: string): Promise<boolean> {
  const asked = await execa(file, ["--version"], { reject: false, stdin: "ignore", timeout: 30_000 });
  return asked.exitCode === 0 && asked.stdout.startsWith(`ansible-playbook [core ${ansibleVersion}]`);
}

async function step(program: string, args: readonly string[]): Promise<void> {
  const ended = await execa(program, args, { reject: false, stdin: "ignore" });
  if (ended.exitCode === 0) return;
  throw unusable([program, ...args].join(" "), firstText(ended.stderr, ended.stdout, ended.shortMessage));
}

function unusable(subject: string, found: string): Error {
  return problem("Ansible, which the benchmark compares with, cannot be installed here", {
    property: subject,
    found,
    expected: "Python 3.11 or newer with venv and pip, and a package index",
    fix: "apt-get install python3-venv, then npm run bench -- host",
  });
}
