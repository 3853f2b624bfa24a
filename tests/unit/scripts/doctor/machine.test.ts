import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Estate } from "#lab/estate/estate.ts";
import { estateFiles } from "#lab/estate/paths.ts";
import { checkMode } from "#scripts/doctor/estate.ts";
import { checkMemory, checkNode, checkPrograms } from "#scripts/doctor/machine.ts";

test.each([
  ["20.20.2", "wrong"],
  ["22.17.9", "wrong"],
  ["22.18.0", "ok"],
  ["24.1.0", "ok"],
])("Node %s is %s", (version, verdict) => {
  expect(checkNode(version).verdict).toBe(verdict);
});

test("a host that lost memory since the estate was made is told, with what to type", () => {
  const resources = { memoryMiB: 8192, cpus: 2, openFiles: 1024 };
  const files = estateFiles("probe", "office", "/state");
  const estate: Estate = {
    name: "probe",
    id: "probe1",
    stack: "office",
    network: "10.64.0.0/16",
    created: "",
    resources,
    files,
  };
  expect(checkMemory(estate, resources).verdict).toBe("ok");
  expect(checkMemory(estate, { ...resources, memoryMiB: 8100 }).verdict).toBe("ok");
  const less = checkMemory(estate, { ...resources, memoryMiB: 4096 });
  expect(less.verdict).toBe("wrong");
  expect(less.next).toContain("npm run up");
});

test("a passphrase that others may read is told", async () => {
  const directory = await mkdtemp(join(tmpdir(), "garrison-mode-"));
  try {
    await chmod(directory, 0o700);
    expect((await checkMode(directory, 0o700)).verdict).toBe("ok");
    await chmod(directory, 0o750);
    expect(await checkMode(directory, 0o700)).toMatchObject({ verdict: "wrong", next: `chmod 0700 ${directory}` });
    expect((await checkMode(join(directory, "gone"), 0o600)).verdict).toBe("wrong");
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("a program that is not there is named", async () => {
  expect((await checkPrograms({ sh: "dash" })).verdict).toBe("ok");
  expect(await checkPrograms({ sh: "dash", "no-such-program": "no-such-package" })).toMatchObject({
    verdict: "wrong",
    found: "not found: no-such-program",
    next: expect.stringContaining("apt-get install no-such-package") as string,
  });
});
