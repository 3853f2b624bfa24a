import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ansibleVersion } from "#bench/ansible-tool.ts";
import { hostWork } from "#bench/host-machine.ts";

test("the Ansible that is measured is the one that is installed", async () => {
  const pinned = await readFile("bench/ansible/requirements.txt", "utf8");
  expect(pinned).toContain(`ansible-core==${ansibleVersion}\n`);
  for (const line of pinned.trim().split("\n")) expect(line).toMatch(/^[\w-]+==[\d.]+$/);
});

test("both contestants get 60 different files and units", () => {
  const { entries, enabled } = hostWork();
  expect(new Set(entries.map(({ path }) => path)).size).toBe(60);
  expect(enabled.every((name) => entries.some(({ path }) => path === `/etc/systemd/system/${name}`))).toBe(true);
});
