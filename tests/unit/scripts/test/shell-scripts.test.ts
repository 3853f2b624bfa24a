import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { shellScripts } from "#scripts/test/shell-scripts.ts";

test("a script that is sourced is judged with the one that sources it, and none of a package", async () => {
  const root = await mkdtemp(join(tmpdir(), "garrison-scripts-"));
  try {
    for (const path of ["a/b", "node_modules/x"]) await mkdir(join(root, path), { recursive: true });
    await writeFile(join(root, "a/main.sh"), ". ./b/common.sh\n. ./other.sh\n");
    for (const path of ["a/b/common.sh", "a/other.sh", "alone.sh", "node_modules/x/theirs.sh"])
      await writeFile(join(root, path), "");
    await writeFile(join(root, "a/entrypoint"), "#!/bin/sh\n");
    await writeFile(join(root, "a/words"), "#!/bin/busybox sh\n");
    expect(shellScripts(root)).toEqual(["a/entrypoint", "a/main.sh", "alone.sh"]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("the checkout's own are found", () => {
  const found = shellScripts(resolve(import.meta.dirname, "../../../.."));
  expect(found).toContain("components/host/bundle/program/main.sh");
  expect(found).toContain("lab/machines/image/customize.sh");
  expect(found).toContain("lab/machines/image/files/usr/local/sbin/lab-cgroup1");
  expect(found).not.toContain("components/host/bundle/program/common.sh");
});
