import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";

async function numbers(...args: string[]) {
  const run = await execa(process.execPath, [join(checkout, "scripts/cli.ts"), "numbers", ...args], {
    env: { NO_COLOR: "1" },
    reject: false,
  });
  return { code: run.exitCode, out: run.stdout, err: run.stderr };
}

test("everything on the estate's machines has its number", async () => {
  const { code, out } = await numbers("--check");
  expect(out.split("\n")).toEqual(
    ["office", "azure-web", "gpu"].map((machine) => `${machine}: everything has its number`),
  );
  expect(code).toBe(0);
});

test("a machine that is none is told, with those that are", async () => {
  const { code, err } = await numbers("nowhere", "--check");
  expect(code).toBe(1);
  expect(err).toMatch(/No such machine has numbers/);
  expect(err).toContain("one of office, azure-web, gpu");
  expect(err).not.toMatch(/Unexpected| at /);
});
