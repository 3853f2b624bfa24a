import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { estateCgroups } from "#scripts/engine/cgroups.ts";

let tree = "";
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "garrison-cgroup-"));
});
afterEach(() => rm(tree, { recursive: true, force: true }));

test.each([
  ["a hierarchy per controller", "pids/garrison-abc/n02"],
  ["one hierarchy", "garrison-abc/n02"],
  ["systemd's slices", "garrison.slice/garrison-abc.slice/garrison-abc-n02.slice"],
])("cgroups of the estate are found in %s, deepest first, and nobody else's", async (_, path) => {
  await mkdir(join(tree, path), { recursive: true });
  await mkdir(join(tree, path.replaceAll("abc", "abcd")), { recursive: true });
  const found = await estateCgroups("abc", tree);
  expect(found).toEqual([join(tree, path), join(tree, path, "..")]);
  expect(await estateCgroups("xyz", tree)).toEqual([]);
});
