import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { targetOf } from "#lab/images/pip-files.ts";

const checkout = join(import.meta.dirname, "../../../..");

describe("targetOf", () => {
  test("asks for the Python of the image, whichever this machine has", () => {
    const args = targetOf("x64").join(" ");
    expect(args).toContain("--python-version 3.13");
    expect(args).toContain("--only-binary=:all:");
    expect(args).toContain("--platform manylinux_2_38_x86_64");
    expect(args).not.toContain("aarch64");
  });

  test("names the machine as wheels do", () => {
    const args = targetOf("arm64").join(" ");
    expect(args).toContain("--platform manylinux2014_aarch64");
    expect(args).not.toContain("x86_64");
  });
});

describe.each(["lab/images/falkordb", "lab/images/searxng", "components/services/graphiti/image"])(
  "the lock file in %s",
  (recipe) => {
    test("pins every package to one version and to the hashes of its files", async () => {
      const text = await readFile(join(checkout, recipe, "requirements.txt"), "utf8");
      const entries = text
        .replace(/^#.*\n/gm, "")
        .trimEnd()
        .split(/\n(?! )/);
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) expect(entry).toMatch(/^[a-z0-9-]+==\S+( \\\n {4}--hash=sha256:[0-9a-f]{64})+$/);
    });
  },
);
