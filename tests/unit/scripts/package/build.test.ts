import { access, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { buildPackages } from "#scripts/package/build.ts";
import { compilePackage } from "#scripts/package/compile.ts";
import { publishedPackages } from "#scripts/package/packages.ts";

let checkout: string;
let out: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "garrison-test-"));
  out = join(checkout, "out");
  const compilerOptions = {
    target: "es2024",
    module: "nodenext",
    lib: ["es2015"],
    types: [],
    strict: true,
    verbatimModuleSyntax: true,
  };
  await write("package.json", JSON.stringify({ ...manifest, type: "module" }));
  await write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["nothing"] }));
  await write("LICENSE", "the licence");
  await write("components/index.ts", `export { one } from "./part.ts";\nexport type { One } from "./part.ts";\n`);
  await write("components/part.ts", `export type One = 1;\n/** The first. */\nexport const one: One = 1;\n`);
  await write("components/estate/cli.ts", "export {};\n");
  await write("components/unreached.ts", `export const two = 2;\n`);
  await write("policies/PulumiPolicy.yaml", "runtime: nodejs\n");
  for (const name of ["baseline", "strict"]) await write(`policies/config/${name}.json`, "{}\n");
  await write("policies/declarations.schema.json", "{}\n");
  await write("policies/index.cjs", `module.exports = import("./pack.ts");\n`);
  await write("policies/explain.cjs", `import("./pack.ts");\n`);
  await write("policies/pack.ts", `export const pack = 1;\n`);
  for (const { files } of publishedPackages) await write(files["README.md"] ?? "", "read me");
});

afterEach(() => rm(checkout, { recursive: true, force: true }));

const manifest = {
  version: "1.2.3",
  license: "Apache-2.0",
  engines: { node: ">=22" },
  dependencies: { "@pulumi/pulumi": "3.259.0" },
};

async function write(path: string, text: string): Promise<void> {
  const file = join(checkout, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function reportOf(work: () => unknown): Promise<ProblemReport> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProblemReport) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const components = () => publishedPackages.filter(({ sources }) => sources === "components").slice(0, 1);

describe("compilePackage", () => {
  test("names a neighbour in a type that nobody wrote down", async () => {
    const [wanted] = components();
    if (wanted === undefined) throw new Error("no package of components");
    await write("components/shape.ts", "export interface Shape { readonly one: 1 }\n");
    await write(
      "components/make.ts",
      'import type { Shape } from "./shape.ts";\nexport const make = (): Shape => ({ one: 1 });\n',
    );
    await write("components/index.ts", 'import { make } from "./make.ts";\nexport const made = make();\n');
    expect(compilePackage(checkout, wanted).get("index.d.ts")).toContain('import("./shape.js").Shape');
  });

  test("gives CommonJS and declarations of what the entry reaches, and names neighbours as they are published", () => {
    const [wanted] = components();
    if (wanted === undefined) throw new Error("no package of components");
    const files = compilePackage(checkout, wanted);
    expect([...files.keys()].sort()).toEqual([
      "estate/cli.d.ts",
      "estate/cli.js",
      "index.d.ts",
      "index.js",
      "part.d.ts",
      "part.js",
    ]);
    expect(files.get("index.js")).toContain(`require("./part.js")`);
    expect(files.get("index.d.ts")).toBe(`export { one } from "./part.js";\nexport type { One } from "./part.js";\n`);
    expect(files.get("part.d.ts")).toContain("/** The first. */");
  });

  test("tells every mistake with its place, also what only CommonJS cannot do", async () => {
    await write(
      "components/part.ts",
      `export type One = 1;\nexport const one: One = 2;\nawait import.meta.resolve("x");\n`,
    );
    const [wanted] = components();
    const report = await reportOf(() => wanted && compilePackage(checkout, wanted));
    expect(report.problems.map(({ property }) => property)).toContain("components/part.ts:2:14");
    expect(report.problems.map(({ found }) => found).join("\n")).toMatch(/import\.meta.*CommonJS/);
  });
});

describe("buildPackages", () => {
  test("makes both, leaves what else lies there, and tells where they are", async () => {
    await write("out/garrison-0.9.0.tgz", "an older one");
    const said: string[] = [];
    const made = await buildPackages(checkout, out, (name) => said.push(name));
    expect(said).toEqual(["garrison", "garrison-policies"]);
    expect((await readdir(out)).sort()).toEqual([
      "garrison-0.9.0.tgz",
      "garrison-1.2.3.tgz",
      "garrison-policies-1.2.3.tgz",
    ]);
    for (const { file, bytes, version } of made) {
      expect(version).toBe("1.2.3");
      expect((await readFile(file)).length).toBe(bytes);
    }
  });

  test("writes nothing when one of them cannot be made", async () => {
    await write("policies/index.cjs", `require("@pulumi/policy"); module.exports = import("./pack.ts");\n`);
    const report = await reportOf(() => buildPackages(checkout, out));
    expect(report.message).toBe("The package garrison-policies imports what its users would not get");
    await expect(access(out)).rejects.toThrow("ENOENT");
  });

  test("tells what npm says", async () => {
    await write("package.json", JSON.stringify({ ...manifest, version: "" }));
    const report = await reportOf(() => buildPackages(checkout, out));
    expect(report.message).toBe("npm does not pack garrison");
    expect(report.problems[0]?.found).toContain("must have name and version");
  });
});
