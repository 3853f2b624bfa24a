import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";

const step = z.looseObject({ name: z.string(), uses: z.string().optional(), run: z.string().optional() });
const action = z.looseObject({ runs: z.looseObject({ using: z.literal("composite"), steps: z.array(step) }) });

const stepsOf = async (name: string) =>
  action.parse(parse(await readFile(join(checkout, ".github/actions", name, "action.yml"), "utf8"))).runs.steps;

test.each(["report", "post-report"])("%s names actions of others by the hash of a commit", async (name) => {
  const used = (await stepsOf(name)).flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(0);
  for (const one of used) expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
});

test.each(["report", "post-report"])("nothing that somebody chose is a part of a program of %s", async (name) => {
  const programs = (await stepsOf(name)).flatMap(({ run }) => run ?? []);
  expect(programs.length).toBeGreaterThan(0);
  for (const one of programs) expect(one).not.toContain("${{");
});

test("the action that runs a stranger's code takes no token", async () => {
  const text = await readFile(join(checkout, ".github/actions/report/action.yml"), "utf8");
  expect(text).not.toMatch(/github\.token|secrets\./);
});
