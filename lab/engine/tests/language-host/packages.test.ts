import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { missingPlugins, programDependencies } from "#language-host/packages.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "garrison-packages-"));
  const manifest = (path: string, content: object) => {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "package.json"), JSON.stringify(content));
  };
  manifest("program", { name: "program", dependencies: { "@pulumi/docker": "1" } });
  manifest("node_modules/@pulumi/docker", { name: "@pulumi/docker", version: "5.2.0", pulumi: { resource: true } });
  manifest("node_modules/other", {
    name: "other",
    version: "1.0.0",
    pulumi: { resource: true, name: "named", version: "v2.0.0" },
  });
  manifest("node_modules/plain", { name: "plain", version: "3.0.0" });
  mkdirSync(join(root, "node_modules", "no-package"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("every package that asks for a plugin is named, in the version of its plugin", () => {
  expect(missingPlugins(join(root, "program"), undefined)).toEqual([
    { name: "docker", version: "v5.2.0", server: "" },
    { name: "named", version: "v2.0.0", server: "" },
  ]);
});

test("a plugin that lies in the engine's home is not asked for", () => {
  mkdirSync(join(root, "home/plugins/resource-docker-v5.2.0"), { recursive: true });
  mkdirSync(join(root, "home/plugins/resource-named-v1.9.9"), { recursive: true });
  const missing = missingPlugins(join(root, "program"), join(root, "home"));
  expect(missing.map(({ name }) => name)).toEqual(["named"]);
});

test("the direct dependencies of a program, or all that it can see", () => {
  const names = (transitive: boolean) => programDependencies(join(root, "program"), transitive).map(({ name }) => name);
  expect(names(false)).toEqual(["@pulumi/docker"]);
  expect(names(true)).toEqual(["@pulumi/docker", "other", "plain"]);
});
