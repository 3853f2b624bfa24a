import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { commands } from "#scripts/commands/index.ts";

// What the command line tells to type when it refuses something is typed: as it stands, where it only reads or changes
// this copy of the checkout; where it would change the host, its words are given to the real command's parser.

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "garrison-hints-"));
  const { stdout } = await execa("git", ["ls-files", "-z"], { cwd: checkout });
  const tops = [...new Set(stdout.split("\0").map((file) => file.split("/")[0] ?? ""))];
  const wanted = tops.filter((name) => name !== "");
  await Promise.all(
    wanted.map((name) => cp(join(checkout, name), join(copy, name), { recursive: true, filter: isOurs })),
  );
  await symlink(join(checkout, "node_modules"), join(copy, "node_modules"));
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: copy });
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-qm", "a copy");
}, 120_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

function isOurs(path: string): boolean {
  return !/\/(?:node_modules|dist|\.git)(?:\/|$)/.test(path.slice(checkout.length));
}

interface Run {
  readonly code: number | undefined;
  readonly said: string;
  /** What it tells to type, each once. */
  readonly next: readonly string[];
}

/** Types a line as a person would, in the copy; `npm run` stands for what package.json says it does. */
async function type(line: string): Promise<Run> {
  const spelled = line.replace(/^npm (?:run )?(\w+)(?: --(?= |$))?/, `"${process.execPath}" scripts/cli.ts $1`);
  const { exitCode, all } = await execa("sh", ["-ec", spelled], {
    cwd: copy,
    env: { NO_COLOR: "1" },
    all: true,
    reject: false,
    stdin: "ignore",
  });
  const next = [...all.matchAll(/^\s*(?:next:|type:) +(.+)$/gm)].map(([, text = ""]) => text);
  return { code: exitCode, said: all, next: [...new Set(next)] };
}

test("`npm run` is what this test types in its place", async () => {
  const { scripts } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const name of Object.keys(commands)) expect(scripts[name]).toBe(`node scripts/garrison.mjs ${name}`);
});

describe("what only reads is typed, and answers", () => {
  test.each([
    "numbers nosuch",
    "reach nosuch",
    "reach openclaw-gatewya",
    "reach openclaw-gateway nosuch",
    "reach openclaw-gatewya nginx:99999",
    "reach openclaw-gateway nginx:dns",
    "reach openclaw-gateway --stack nosuch",
    "reach openclaw-gateway --stack gpu",
    "policy explain nosuch",
    "policy explain",
    "images lock nosuch",
  ])("npm run %s", async (line) => {
    const refused = await type(`npm run ${line}`);
    expect(refused.code).not.toBe(0);
    expect(refused.said).not.toMatch(/Unexpected failure|^\s+at /m);
    expect(refused.next).toHaveLength(1);
    const { code, said, next } = await type(refused.next[0] ?? "");
    // Whether something is reached is an answer too.
    expect([0, ...(line.startsWith("reach") ? [1] : [])], said).toContain(code);
    expect(next, said).toEqual([]);
  });
});

describe("what changes a file of the checkout is typed, and mends it", () => {
  /** Breaks a file, and gives what the refusal tells to type. @returns what it says once that was typed */
  async function mended(file: string, broken: (text: string) => string, line: string): Promise<Run> {
    const path = join(copy, file);
    await writeFile(path, broken(await readFile(path, "utf8")));
    const refused = await type(line);
    expect(refused.code, refused.said).not.toBe(0);
    expect(refused.said).not.toMatch(/Unexpected failure|^\s+at /m);
    expect(refused.next).toHaveLength(1);
    const done = await type(refused.next[0] ?? "");
    expect(done.code, done.said).toBe(0);
    return type(line);
  }

  const NUMBERS = "stacks/office.numbers.json";

  test.each<[string, (text: string) => string]>([
    ["no JSON", (text) => text.slice(0, -20)],
    ["a number given to two", (text) => text.replace(/("\w[\w-]*": )\d+(,\s+"\w[\w-]*": )\d+/, "$17$27")],
    ["a number in quotes", (text) => text.replace(/("valkey": )(\d+)/, '$1"$2"')],
    ["a list", () => "[]"],
  ])("numbers with %s", async (_, broken) => {
    const { code, said } = await mended(NUMBERS, broken, "npm run numbers -- --check");
    expect(code, said).toBe(0);
  });

  test("a service without a number", async () => {
    const without = (text: string) => text.replace(/\s+"valkey": \d+,/, "");
    const { code, said } = await mended(NUMBERS, without, "npm run docs -- --check");
    // It has another number now, which the pages do not know.
    expect(said).not.toContain("numbers.valkey");
    expect(code === 0 || said.includes("npm run docs")).toBe(true);
    await execa("git", ["checkout", "-q", "--", NUMBERS], { cwd: copy });
  });

  test("a page that does not say what the code says", async () => {
    await type("npm run docs");
    const longer = (text: string) => `${text}one line more\n`;
    const { code, said } = await mended("docs/reference/settings.md", longer, "npm run docs -- --check");
    expect(code, said).toBe(0);
  });
});

describe("what would change the host has words that its command takes", () => {
  test.each([
    "images build --stack nosuch",
    "bench nosuch",
    "bench preview --runs x",
    "lab ssh nosuch",
    "up --stack azure-web",
    "up --stack nosuch",
    "status --stack nosuch",
    "status --stack azure-web",
    "preview --stack nosuch",
    "policy report --file /no/such.json",
    "policy report --config /no/such.json",
    "test nosuch",
  ])("npm run %s", async (line) => {
    const refused = await type(`npm run ${line}`);
    expect(refused.code).not.toBe(0);
    expect(refused.said).not.toMatch(/Unexpected failure|^\s+at /m);
    expect(refused.next).toHaveLength(1);
    for (const words of ownCommands(refused.next[0] ?? "")) expect(await accepts(words), words.join(" ")).toBe(true);
  });

  test("the parser is asked", async () => {
    expect(await accepts(["up", "--stack", "office"])).toBe(true);
    expect(await accepts(["up", "--stak", "office"])).toBe(false);
    expect(await accepts(["lab", "deploy", "nosuch"])).toBe(false);
    expect(await accepts(["images", "lokc", "node"])).toBe(false);
  });
});

/** The project's own commands of a line, as words. */
function ownCommands(line: string): string[][] {
  const found = [...line.matchAll(/\bnpm (?:run )?(\w+)(?: -- ([^;&|,()]*))?/g)];
  expect(found.length, line).toBeGreaterThan(0);
  return found.map(([, name = "", rest = ""]) => [
    name,
    ...rest
      .trim()
      .split(/\s+/)
      .filter((word) => word !== ""),
  ]);
}

/** Whether a command takes these words; what it would do is not done. */
async function accepts(words: readonly string[]): Promise<boolean> {
  const [name = ""] = words;
  const known = Object.entries(commands).find(([one]) => one === name)?.[1];
  if (known === undefined) return false;
  const program = new Command().enablePositionalOptions();
  (await known.load()).register(program);
  idle(program);
  try {
    await program.parseAsync(words, { from: "user" });
    return true;
  } catch {
    return false;
  }
}

function idle(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  if (command.commands.length === 0) command.action(() => undefined);
  for (const below of command.commands) idle(below);
}
