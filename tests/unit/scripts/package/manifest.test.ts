import { describe, expect, test } from "vitest";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { importedPackages, publishedManifest } from "#scripts/package/manifest.ts";
import type { RepositoryManifest } from "#scripts/package/manifest.ts";
import type { PublishedPackage } from "#scripts/package/packages.ts";

const wanted: PublishedPackage = {
  name: "example",
  description: "An example.",
  keywords: ["example"],
  sources: "sources",
  entries: ["index.ts"],
  declarations: true,
  files: {},
  alsoNeeds: [],
  optional: [],
  entryPoints: { main: "./index.js" },
};

const repository: RepositoryManifest = {
  version: "1.2.3",
  license: "Apache-2.0",
  engines: { node: ">=22" },
  dependencies: { "@pulumi/docker": "5.2.0", "@pulumi/pulumi": "3.259.0", unused: "9.0.0", zod: "4.6.7" },
};

const files = (text: Readonly<Record<string, string>>) => new Map(Object.entries(text));

describe("importedPackages", () => {
  test("finds what code and types name, once, without neighbours and Node's own", () => {
    const found = importedPackages(
      files({
        "a.js": `const z = require("zod"); const n = require("./b.js"); const p = require("path"); const f = require("node:fs");`,
        "b.js": `const d = __importStar(require("@pulumi/docker/config/vars")); import("late/deep");`,
        "c.d.ts": `import type { Output } from "@pulumi/pulumi"; export { z } from "zod"; type T = import("named").T;`,
      }),
    );
    expect(found).toEqual(["@pulumi/docker", "@pulumi/pulumi", "late", "named", "zod"]);
  });
});

describe("publishedManifest", () => {
  test("Pulumi's are peers from the tested version on, others pinned, what is not imported left out", () => {
    const code = files({ "index.js": `require("zod"); require("@pulumi/docker");` });
    expect(publishedManifest({ ...wanted, alsoNeeds: ["@pulumi/pulumi"] }, repository, code)).toEqual({
      name: "example",
      version: "1.2.3",
      description: "An example.",
      keywords: ["example"],
      license: "Apache-2.0",
      type: "commonjs",
      main: "./index.js",
      engines: { node: ">=22" },
      dependencies: { zod: "4.6.7" },
      peerDependencies: { "@pulumi/docker": "^5.2.0", "@pulumi/pulumi": "^3.259.0" },
    });
  });

  test("a package without imports has neither list", () => {
    const manifest = publishedManifest(wanted, repository, files({ "index.js": "" }));
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("peerDependencies");
  });

  test("every import that users would not get is told", () => {
    const code = files({ "index.js": `require("vitest"); require("zod"); require("execa");` });
    const report = catchReport(() => publishedManifest(wanted, repository, code));
    expect(report.problems.map(({ property }) => property)).toEqual([
      "sources: import of execa",
      "sources: import of vitest",
    ]);
    expect(report.problems[0]?.fix).toBe("npm install --save-exact execa");
  });
});

function catchReport(work: () => unknown): ProblemReport {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemReport) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
