import { lstat, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globSync } from "node:fs";
import { execa } from "execa";
import * as tar from "tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { container } from "#policies/lib/examples.ts";
import { buildPackages } from "#scripts/package/build.ts";
import type { Tarball } from "#scripts/package/build.ts";
import { makeConsumer, packInstalled } from "../support/consumer.ts";
import type { Consumer, ModuleFormat } from "../support/consumer.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { checkout } from "../support/machine-stack.ts";

const formats = ["commonjs", "module"] as const satisfies readonly ModuleFormat[];
/** How TypeScript may be told to read the program: `module` and `moduleResolution`. */
const modes: Readonly<Record<ModuleFormat, readonly (readonly [module: string, resolution: string])[]>> = {
  commonjs: [
    ["nodenext", "nodenext"],
    ["commonjs", "node10"],
  ],
  module: [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ],
};
const pack = "node_modules/garrison-policies";

let scratch: string;
let engine: TestEngine;
let tarballs: readonly Tarball[];
let consumers: Readonly<Record<ModuleFormat, Consumer>>;
/** The programs that the README shows, and what lies beside the second and is typed for it. */
let program: string;
let estate: string;
let imageLock: string;
let typed: readonly string[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  engine = await makeEngine({ program: "" });
  tarballs = await buildPackages(checkout, join(scratch, "first"));
  const files: Record<string, string> = Object.fromEntries(tarballs.map(({ name, file }) => [name, file]));
  for (const { name: own } of tarballs) {
    for (const name of Object.keys((await manifest(own)).dependencies ?? {})) {
      files[name] ??= await packInstalled(name, scratch);
    }
  }
  consumers = {
    commonjs: await makeConsumer(engine, "commonjs", files),
    module: await makeConsumer(engine, "module", files),
  };
  const readme = await readFile(join(consumers.module.directory, "node_modules/garrison/README.md"), "utf8");
  const blocks = (language: string) =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);
  [program = "", estate = ""] = blocks("ts");
  [imageLock = ""] = blocks("json");
  typed = (blocks("sh")[0] ?? "").trim().split("\n");
}, 240_000);

afterAll(async () => {
  await engine.dispose();
  await rm(scratch, { recursive: true, force: true });
});

interface Manifest {
  readonly main?: string;
  readonly types?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function filesOf(name: string): Promise<Map<string, string>> {
  const file = tarballs.find((tarball) => tarball.name === name)?.file ?? "";
  const files = new Map<string, string>();
  await tar.list({
    file,
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on("data", (chunk) => chunks.push(chunk));
      entry.on("end", () => files.set(entry.path.replace(/^package\//, ""), Buffer.concat(chunks).toString("utf8")));
    },
  });
  return files;
}

async function manifest(name: string): Promise<Manifest> {
  return JSON.parse((await filesOf(name)).get("package.json") ?? "{}") as Manifest;
}

describe("the tarballs", () => {
  test("the same sources make the same bytes, wherever they are made and under whatever umask", async () => {
    const before = process.umask(0o077);
    try {
      const again = await buildPackages(checkout, join(scratch, "second"));
      for (const [index, { file }] of again.entries()) {
        expect((await readFile(file)).equals(await readFile(tarballs[index]?.file ?? ""))).toBe(true);
      }
      expect(again.map(({ integrity }) => integrity)).toEqual(tarballs.map(({ integrity }) => integrity));
    } finally {
      process.umask(before);
    }
  });

  test.each(["garrison", "garrison-policies"])(
    "%s holds what its users need and nothing of the checkout",
    async (name) => {
      const files = await filesOf(name);
      expect([...files.keys()]).toEqual(expect.arrayContaining(["package.json", "README.md", "LICENSE"]));
      const known =
        /^(package\.json|README\.md|LICENSE|PulumiPolicy\.yaml|config\/\w+\.json|declarations\.schema\.json|services\/[\w-]+\/image\/\w+(\.\w+)?|.*\.sh|.*\.js|(?:index|explain)\.cjs|.*\.d\.ts)$/;
      expect([...files.keys()].filter((path) => !known.test(path) || /test|^lab\/|bench|stacks/.test(path))).toEqual(
        [],
      );
      for (const [path, text] of files) {
        for (const place of [`${checkout}/`, "garrison-package-"])
          expect(text.includes(place), `${path}: ${place}`).toBe(false);
        expect(text, path).not.toMatch(/(from|import|require)\s*\(?"\.[^"]*\.ts"/);
      }
    },
  );

  test("main and types stand beside exports, and all of them lead to files", async () => {
    const files = await filesOf("garrison");
    const { main, types, exports } = await manifest("garrison");
    expect(exports?.["."]).toEqual({ types, default: main });
    for (const path of [main, types]) expect([...files.keys()].map((name) => `./${name}`)).toContain(path);
  });

  test("Pulumi's packages are peers with a range, others are pinned", async () => {
    const { dependencies = {}, peerDependencies = {} } = await manifest("garrison");
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(["zod"]));
    expect(Object.keys(peerDependencies)).toEqual(expect.arrayContaining(["@pulumi/docker", "@pulumi/pulumi"]));
    expect(Object.keys(dependencies).filter((name) => name.startsWith("@pulumi/"))).toEqual([]);
    for (const range of Object.values(dependencies)) expect(range).toMatch(/^\d+\.\d+\.\d+$/);
    for (const range of Object.values(peerDependencies)) expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
  });

  test("the policies need four libraries and nothing of the components", async () => {
    const { dependencies = {}, peerDependencies = {} } = await manifest("garrison-policies");
    expect(Object.keys(dependencies)).toEqual(["ipaddr.js", "json5", "unbash", "yaml"]);
    expect(Object.keys(peerDependencies)).toEqual(["@pulumi/policy", "@pulumi/pulumi"]);
  });
});

describe.each(formats)("a fresh program, type %s", (format) => {
  const consumer = (): Consumer => consumers[format];

  test("has the packages as real directories", async () => {
    for (const name of ["garrison", "garrison-policies"]) {
      const directory = join(consumer().directory, "node_modules", name);
      expect((await lstat(directory)).isDirectory()).toBe(true);
      expect(await readdir(directory)).not.toContain("node_modules");
    }
  });

  test("previews the README's program: the container is hardened and the pack passes it", async () => {
    await consumer().setProgram(program);
    const judged = await consumer().pulumi(["preview", "--policy-pack", pack]);
    expect(judged.exitCode, judged.output).toBe(0);
    expect(judged.output).toMatch(/garrison-policies@v\d+\.\d+\.\d+ \(local: node_modules\/garrison-policies\)/);
    expect(judged.output).not.toContain("[mandatory]");

    const run = await consumer().pulumi(["preview", "--json"]);
    expect(run.exitCode, run.output).toBe(0);
    expect(containersOf(run.stdout)).toEqual([
      expect.objectContaining({
        image: expect.stringMatching(/@sha256:1{64}$/) as string,
        user: "20001:20001",
        readOnly: true,
        privileged: false,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        memory: 128,
        memorySwap: 128,
        cpuPeriod: 100_000,
        cpuQuota: 25_000,
        init: true,
        ipcMode: "private",
        cgroupnsMode: "private",
        networkMode: "none",
        tmpfs: { "/data": "rw,noexec,nosuid,nodev,size=64m,mode=0700,uid=20001,gid=20001" },
        healthcheck: expect.objectContaining({ tests: ["CMD", "valkey-cli", "ping"] }) as object,
      }),
    ]);
  });

  test("is refused by the pack for what is planted beside it, and only for that", async () => {
    const planted = JSON.stringify(container({ pidMode: "host" }, "planted").properties);
    await consumer().setProgram(`${program}\nnew docker.Container("planted", ${planted}, { provider });\n`);
    const { exitCode, output } = await consumer().pulumi(["preview", "--policy-pack", pack]);
    expect(exitCode).toBe(1);
    expect(output).toContain('planted: pidMode is "host"');
    expect(output).toMatch(/container\.host-namespaces +\(docker:index:Container: planted\)/);
    expect(output.match(/\[mandatory\]/g)).toHaveLength(1);
    const [, explains = ""] = /node (\S+) <rule>/.exec(output) ?? [];
    expect((await execa(process.execPath, [explains, "container.host-namespaces"])).stdout).toContain("To fix: ");
  });

  test("finds the same names by import and by require", async () => {
    const names = (load: string) => `${load}.then((it) => console.log(JSON.stringify(Object.keys(it).sort())))`;
    const [required, imported] = await Promise.all([
      consumer().node(["--input-type=commonjs", "-e", names('Promise.resolve(require("garrison"))')]),
      consumer().node(["--input-type=module", "-e", names('import("garrison")')]),
    ]);
    const inCode = JSON.parse(required) as string[];
    expect(inCode).toEqual(
      expect.arrayContaining(["HardenedContainer", "IsolatedNetworks", "Machine", "exec", "waive"]),
    );
    const added = ["__esModule", "default", "module.exports"];
    expect((JSON.parse(imported) as string[]).filter((name) => !added.includes(name))).toEqual(inCode);
  });

  test.each(modes[format])(
    "has types, with module %s and resolution %s",
    async (module, resolution) => {
      // The planted mistake is found, so the types are there; nothing else is found, so they are right.
      await consumer().setProgram(`${program}\nexport const planted: number = cache.containerName;\n`);
      const said = (await consumer().typeCheck(module, resolution)).split("\n");
      expect(said).toEqual([
        expect.stringMatching(/^index\.ts.*TS2322: Type 'string' is not assignable to type 'number'/),
      ]);
    },
    240_000,
  );
});

describe.each(formats)("a machine of somebody else, type %s", (format) => {
  const consumer = (): Consumer => consumers[format];

  beforeAll(async () => {
    await consumer().setProgram(estate);
    await consumer().write("images.lock.json", imageLock);
  });

  test("takes fewer than forty lines", () => {
    expect(estate).toContain("deploy(");
    expect(estate.trim().split("\n").length).toBeLessThan(40);
  });

  test("is told what is missing, and what to type, until all of it is there", async () => {
    const refused = await consumer().pulumi(["preview"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.output).toContain("Settings of stack test: 2 problems; nothing was created.");
    expect(refused.output).toContain("garrison:docker: found nothing");
    expect(typed.at(-1)).toBe("pulumi up");
    expect(typed.at(-2)).toBe("npx garrison numbers");
    for (const line of typed.slice(0, -2)) {
      const { exitCode, output } = await consumer().type(line);
      expect(exitCode, output).toBe(0);
    }

    const unnumbered = await consumer().pulumi(["preview"]);
    expect(unnumbered.exitCode).toBe(1);
    expect(unnumbered.output).toMatch(/numbers\.news -> news-cache: found nothing.*\n +type: npx garrison numbers\n/);
    const numbered = await consumer().type("npx garrison numbers --non-interactive --color=never");
    expect(numbered.exitCode, numbered.output).toBe(0);
    expect(numbered.output).toMatch(/finder\.numbers\.json: new: news, .*out -> outside/);
  }, 120_000);

  test("has a container for each service, contained, on networks that lead to its own cache and to the proxy", async () => {
    const judged = await consumer().pulumi(["preview", "--policy-pack", pack]);
    expect(judged.exitCode, judged.output).toBe(0);
    expect(judged.output).not.toContain("[mandatory]");

    const run = await consumer().pulumi(["preview", "--json"]);
    expect(run.exitCode, run.output).toBe(0);
    const containers = containersOf(run.stdout);
    const networks = Object.fromEntries(
      containers.map(({ name, networksAdvanced }) => [
        name as string,
        (networksAdvanced as { name: string }[]).map((own) => own.name).sort(),
      ]),
    );
    expect(networks).toEqual({
      "finder-news": ["finder-news-news-cache", "finder-news-out"],
      "finder-news-cache": ["finder-news-news-cache"],
      "finder-papers": ["finder-papers-out", "finder-papers-papers-cache"],
      "finder-papers-cache": ["finder-papers-papers-cache"],
      "finder-out": ["finder-news-out", "finder-out-outside", "finder-papers-out"],
    });
    for (const container of containers) {
      expect(container).toMatchObject({ readOnly: true, capabilities: { drops: ["ALL"] }, privileged: false });
      expect(container.image).toMatch(/sha256:[234]{64}$/);
    }
  }, 120_000);

  test.each(modes[format].slice(0, 1))(
    "does not compile with a wrong wire, with module %s and resolution %s",
    async (module, resolution) => {
      const planted = 'searxng("planted", { cache: out, out, engines: ["www.mojeek.com"] });';
      await consumer().setProgram(`${estate}\n${planted}\n`);
      const [wrong, ...rest] = (await consumer().typeCheck(module, resolution)).split("\n");
      expect(wrong).toMatch(
        /^index\.ts.*TS2322: Type 'Endpoint<"forward-proxy">' is not assignable to type 'Endpoint<"redis">'/,
      );
      expect(rest.filter((line) => !line.startsWith(" "))).toEqual([]);
    },
    240_000,
  );
});

test("every example of the declarations compiles", async () => {
  const { module: consumer } = consumers;
  await consumer.setProgram(`${await examplesOf(consumer)}\nexport const planted: number = out;\n`);
  const said = (await consumer.typeCheck("nodenext", "nodenext")).split("\n");
  expect(said.filter((line) => !line.startsWith(" "))).toEqual([
    expect.stringMatching(/TS2322: Type 'Endpoint<"forward-proxy">' is not assignable to type 'number'/),
  ]);
}, 240_000);

/** What examples take for granted. */
const GIVEN = `
import { z } from "zod";
import type * as docker from "@pulumi/docker";
declare const provider: docker.Provider;
declare const facts: Facts;
declare const chat: OpenclawChannel;
const out = egressProxy("out");
const cache = valkey("cache");
const search = searxng("search", { cache, out, engines: ["www.mojeek.com"] });
const uptime = uptimeKuma("uptime", { out, watches: [] });
const [writer, keeper] = [cache, search];
`;

/** One program of every example in the package's declarations, each in a block of its own. */
async function examplesOf(consumer: Consumer): Promise<string> {
  const names = await consumer.node([
    "-p",
    'Object.keys(require("garrison")).filter((name) => name !== "__esModule").join(", ")',
  ]);
  const root = join(consumer.directory, "node_modules/garrison");
  const texts = await Promise.all(
    globSync("**/*.d.ts", { cwd: root }).map((file) => readFile(join(root, file), "utf8")),
  );
  const examples = texts.flatMap((text) =>
    [...text.matchAll(/ \* @example\n \* ```ts\n([^]*?) \* ```/g)].map(([, lines = ""]) =>
      lines.replaceAll(/^ \* ?(export )?/gm, ""),
    ),
  );
  expect(examples.length).toBeGreaterThan(15);
  const blocks = examples.map((example) => `{\n${example}}\n`).join("");
  return `import { ${names.trim()} } from "garrison";\nimport type { Endpoint, Facts, OpenclawChannel } from "garrison";\n${GIVEN}${blocks}`;
}

/** The inputs of every Docker container that a preview would make. */
/** Without what the official plugin notes of its own defaults, in every object. */
function containersOf(json: string): Record<string, unknown>[] {
  const { steps } = JSON.parse(json, (key, value: unknown) => (key === "__defaults" ? undefined : value)) as {
    steps: { newState: { type: string; inputs: Record<string, unknown> } }[];
  };
  return steps
    .filter(({ newState }) => newState.type === "docker:index/container:Container")
    .map(({ newState }) => newState.inputs);
}
