import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineDirectory } from "#lab/engine/install.ts";
import { checkout } from "#helpers/files/directories.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";

let directory: string;
let copy: string;
let estate: LabEstate;

async function containers(): Promise<string[]> {
  const filter = `label=garrison.estate=${estate.id}`;
  const { stdout } = await execa("docker", ["ps", "--filter", filter, "--format", "{{.Names}}"]);
  return stdout.split("\n").sort();
}

/** A copy of the checkout whose office machine has one service less. */
async function makeCopy(): Promise<void> {
  const unwanted = new Set(["node_modules", ".git"]);
  await cp(checkout, copy, { recursive: true, filter: (path) => !unwanted.has(basename(path)) });
  await symlink(join(checkout, "node_modules"), join(copy, "node_modules"));
  const file = join(copy, "stacks/office.ts");
  const lines = (await readFile(file, "utf8")).split("\n");
  const left = lines.filter((line) => !/uptimeKuma|^ {4}uptime,$/.test(line));
  expect(lines.length - left.length).toBe(3);
  const text = left.join("\n");
  expect(text).toContain("gateway, uptime, wazuh");
  await writeFile(file, text.replace("gateway, uptime, wazuh", "gateway, wazuh"));
}

/** What happens to a service that the program has no longer. */
export function removedService(given: () => LabEstate): void {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "garrison-without-"));
    copy = join(directory, "checkout");
    estate = given();
  });

  afterAll(async () => {
    await rm(engineDirectory(process.env, copy), { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  });

  test("a service that is taken out of the program is taken off the machine, and comes back", async () => {
    const before = await containers();
    expect(before).toContain(`${estate.id}-uptime-kuma`);

    await makeCopy();
    const without = await estate.startIn(copy, "up");
    expect(without.exitCode, without.all).toBe(0);
    expect(await containers()).toEqual(before.filter((container) => container !== `${estate.id}-uptime-kuma`));

    const again = await estate.start("up");
    expect(again.exitCode, again.all).toBe(0);
    expect(await containers()).toEqual(before);
  }, 600_000);
}
