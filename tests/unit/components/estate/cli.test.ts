import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";

let bin: string;

/** Says how it was called, as the Pulumi of the program. */
const PULUMI = '#!/bin/sh\necho "$* with $GARRISON_NUMBERS"\nexit 3\n';

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), "garrison-test-"));
  await writeFile(join(bin, "pulumi"), PULUMI, { mode: 0o755 });
});

afterAll(() => rm(bin, { recursive: true, force: true }));

function garrison(args: readonly string[], path = bin) {
  const file = join(checkout, "components/estate/cli.ts");
  return execa(process.execPath, [file, ...args], { env: { PATH: path }, extendEnv: false, reject: false });
}

test("numbers has Pulumi preview the program, and ends as Pulumi ends", async () => {
  const { exitCode, stdout } = await garrison(["numbers", "--stack", "dev"]);
  expect(stdout).toBe("preview --stack dev with write");
  expect(exitCode).toBe(3);
});

test("without Pulumi it says so, and what to do", async () => {
  const { exitCode, stderr } = await garrison(["numbers"], "/no/such/directory");
  expect(stderr).toMatch(/^garrison: pulumi does not run: .*; put Pulumi on PATH, then: npx garrison numbers$/);
  expect(exitCode).toBe(1);
});

test.each([
  [["--help"], 0],
  [["numbers", "--help"], 0],
  [[], 2],
  [["number"], 2],
])("%j tells how it is used", async (args, code) => {
  const { exitCode, stdout } = await garrison(args);
  expect(stdout).toMatch(/^Usage: garrison numbers /);
  expect(exitCode).toBe(code);
});
