import { glob, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "#scripts/commands/index.ts";

const root = resolve(import.meta.dirname, "../..");

interface Source {
  readonly file: string;
  /** Without comments, which nobody is told to type. */
  readonly text: string;
}

let sources: readonly Source[] = [];
const programs = new Map<string, Command>();

beforeAll(async () => {
  const files: string[] = [];
  for await (const file of glob("{components,scripts,lab,stacks}/**/*.ts", { cwd: root })) files.push(file);
  sources = await Promise.all(
    files
      .filter((file) => !file.includes("node_modules"))
      .sort()
      .map(async (file) => ({ file, text: withoutComments(await readFile(resolve(root, file), "utf8")) })),
  );
  for (const [name, command] of Object.entries(commands)) {
    const program = new Command();
    (await command.load()).register(program);
    const own = program.commands.find((one) => one.name() === name);
    if (own !== undefined) programs.set(name, own);
  }
});

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");
}

/**
 * Where a report tells to change settings, and how often; tests/preview/hints.test.ts types every one of these. A new one
 * is typed there first, and counted here then.
 */
const TOLD: Readonly<Record<string, number>> = {
  "components/azure/plan-azure.ts": 2,
  "components/estate/deploy.ts": 1,
  "components/host/reach-machine.ts": 2,
  "components/machine/other-machines.ts": 2,
  "components/machine/plan-host.ts": 1,
  "components/machine/present-services.ts": 1,
  "components/machine/scale.ts": 1,
  "components/machine/user-problems.ts": 1,
  "components/network/setting-problems.ts": 5,
  "components/secrets/secret-problems.ts": 3,
  "components/settings/azure.ts": 3,
  "components/settings/docker.ts": 2,
  "components/settings/host.ts": 1,
  "components/settings/settings.ts": 3,
  "components/services/web-front/problems.ts": 1,
  "components/wiring/absence-problems.ts": 2,
  "scripts/images/build-command.ts": 1,
};

test("every command about settings is made by the functions that quote it, and is typed by a test", () => {
  const calls = sources.flatMap(({ file, text }) => {
    // What they are, and what follows from the schema: all of it is mistyped.
    if (/settings\/(config-command|explain)\.ts$/.test(file)) return [];
    if (!/\/(config-command|explain)\.ts"/.test(text)) return [];
    const found = text.match(/(?<!\.)\b(setCommand|setSecretCommand|removeCommand|fill|mend)\(/g) ?? [];
    return found.length === 0 ? [] : [[file, found.length] as const];
  });
  expect(Object.fromEntries(calls)).toEqual(TOLD);
});

test("nobody else writes one", () => {
  const written = sources.filter(({ text }) => /pulumi config (set|rm)/.test(text)).map(({ file }) => file);
  expect(written).toEqual(["components/lib/config-command.ts", "scripts/docs/settings-page.ts"]);
});

describe("a command of the project's own that is told to type", () => {
  test("has a script, a verb and options that there are", async () => {
    const manifest = JSON.parse(await readFile(resolve(root, "package.json"), "utf8")) as { scripts: object };
    const told = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/\bnpm run ([a-z]+)(?: -- ([^`"'();,\n]*))?/g)].map(([line, name = "", rest = ""]) => ({
        file,
        line,
        name,
        words: rest.trim().split(/\s+/),
      })),
    );
    expect(told.length).toBeGreaterThan(60);
    const wrong = told.filter(({ name, words }) => !(name in manifest.scripts) || !parses(programs.get(name), words));
    expect(wrong.map(({ file, line }) => `${file}: ${line}`)).toEqual([]);
  });

  test.each([
    ["lab", "upp", false],
    ["lab", "up office", true],
    ["images", "build --stak office", false],
    ["images", "build key --stack office", true],
    ["down", "--volumes", true],
    ["down", "--volume", false],
  ])("%s %s: %s", (name, words, fits) => {
    expect(parses(programs.get(name), words.split(" "))).toBe(fits);
  });
});

/** Whether a command has the first word as a verb, where it has verbs, and every option. */
function parses(command: Command | undefined, words: readonly string[]): boolean {
  if (command === undefined) return false;
  // Handed on to another program as it is.
  if (command.name() === "pulumi") return true;
  const [first = ""] = words;
  const verbs = first.split("|").filter((word) => /^[a-z]+$/.test(word));
  const below = command.commands.filter((one) => verbs.includes(one.name()));
  if (command.commands.length > 0 && verbs.length > below.length) return false;
  // The words after a machine's name are for the machine.
  if (command.name() === "lab" && first === "ssh") return true;
  const options = [command, ...below].flatMap((one) => one.options.map(({ long }) => long));
  return words.filter((word) => /^--\w/.test(word)).every((word) => options.includes(word));
}
