import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pluginsPage } from "../coverage.ts";
import { allPlugins } from "../plugins/all.ts";

it("describes the plugins as they are", () => {
  expect(readFileSync("docs/reference/lab-plugins.md", "utf8")).toBe(pluginsPage(allPlugins));
});

it("names every refusal with its reason, and every type that is not covered", () => {
  const page = pluginsPage(allPlugins);
  expect(page).toContain("`gpus` (the lab has no GPUs)");
  expect(page).toMatch(/Not covered: .*`docker\.Service`/);
});
