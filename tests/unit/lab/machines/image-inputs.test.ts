import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readMachineImageInputs } from "#lab/machines/image/inputs.ts";
import { checkout } from "#tests/support/machine-stack.ts";

const recipe = join(checkout, "lab/machines/image");
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "garrison-recipe-"));
  cpSync(recipe, copy, { recursive: true });
});

afterEach(() => {
  rmSync(copy, { recursive: true });
});

const hash = async (directory: string): Promise<string> => (await readMachineImageInputs(directory)).hash;

describe("the hash of the machine image", () => {
  it("does not depend on where the recipe lies, nor on the code beside it", async () => {
    writeFileSync(join(copy, "build.ts"), "other code");
    expect(await hash(copy)).toBe(await hash(recipe));
  });

  it.each(["customize.sh", "metadata.yaml", "templates/meta-data.tpl", "files/etc/cloud/cloud.cfg.d/90_lab.cfg"])(
    "changes with %s",
    async (file) => {
      appendFileSync(join(copy, file), "\n");
      expect(await hash(copy)).not.toBe(await hash(recipe));
    },
  );
});

describe("the recipe", () => {
  it("has metadata whose templates are all there", () => {
    const { templates } = parse(readFileSync(join(recipe, "metadata.yaml"), "utf8")) as {
      templates: Record<string, { template: string }>;
    };
    for (const { template } of Object.values(templates)) {
      expect(() => readFileSync(join(recipe, "templates", template)), template).not.toThrow();
    }
  });

  it.each(["customize.sh", "files/usr/local/sbin/lab-cgroup1"])("has a %s that a shell can read", (file) => {
    execFileSync("sh", ["-n", join(recipe, file)]);
  });

  it("names no host of packages", () => {
    for (const file of ["customize.sh", "inputs.ts", "build.ts", "metadata.yaml"]) {
      expect(readFileSync(join(recipe, file), "utf8")).not.toMatch(/https?:\/\//);
    }
  });
});
