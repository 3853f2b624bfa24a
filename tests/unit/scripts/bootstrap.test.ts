import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const scripts = resolve(import.meta.dirname, "../../../scripts");
const lock = { packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } };

/** Plays npm: notes its arguments, talks as npm does, and installs what the lock file names. */
const fakeNpm = `
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
appendFileSync(process.env.NPM_CALLS, process.argv0 + " " + process.argv.slice(2).join(" ") + "\\n");
console.error("npm warn EBADENGINE Unsupported engine");
if (process.env.NPM_FAILS) { console.error("npm error network is down"); process.exit(7); }
await new Promise((resolve) => setTimeout(resolve, 300));
for (const path of Object.keys(JSON.parse(readFileSync("package-lock.json")).packages).filter(Boolean)) {
  mkdirSync(join(path, "bin"), { recursive: true });
  writeFileSync(join(path, "package.json"), "{}");
  if (path.includes("/node-")) symlinkSync(process.execPath, join(path, "bin/node"));
}
writeFileSync("node_modules/.package-lock.json", readFileSync("package-lock.json"));
`;

const fakeCli = `
const [first, code]: string[] = process.argv.slice(2);
if (first === "wait") {
  process.on("SIGTERM", () => process.exit(43));
  setInterval(() => undefined, 1000);
}
console.log("cli", first);
if (code !== undefined) process.exitCode = Number(code);
`;

/** The versions are read-only for programs, but not for what is loaded before them. */
const pretendOld = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } });`;

let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "garrison-test-"));
  await cp(join(scripts, "bootstrap"), join(checkout, "scripts/bootstrap"), { recursive: true });
  await cp(join(scripts, "garrison.mjs"), join(checkout, "scripts/garrison.mjs"));
  await writeFile(join(checkout, "scripts/cli.ts"), fakeCli);
  await writeFile(join(checkout, "package.json"), `{ "type": "module" }`);
  await writeFile(join(checkout, "package-lock.json"), JSON.stringify(lock));
  await writeFile(join(checkout, "npm-cli.js"), fakeNpm);
});

afterEach(async () => {
  await rm(checkout, { recursive: true, force: true });
});

const start = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
) =>
  execa(process.execPath, [...nodeOptions, join(checkout, "scripts/garrison.mjs"), ...args], {
    env: {
      npm_execpath: join(checkout, "npm-cli.js"),
      NPM_CALLS: join(checkout, "npm-calls"),
      XDG_CACHE_HOME: join(checkout, "cache"),
      ...env,
    },
    cwd: checkout,
    reject: false,
    stdin: "ignore",
  });

const npmCalls = async (): Promise<string[]> =>
  (await readFile(join(checkout, "npm-calls"), "utf8").catch(() => "")).split("\n").filter(Boolean);

async function install(version = "1.0.0"): Promise<void> {
  await mkdir(join(checkout, "node_modules/a"), { recursive: true });
  await writeFile(join(checkout, "node_modules/a/package.json"), "{}");
  const installed = { packages: { "node_modules/a": { ...lock.packages["node_modules/a"], version } } };
  await writeFile(join(checkout, "node_modules/.package-lock.json"), JSON.stringify(installed));
}

describe("with everything in place", () => {
  it("says nothing of its own, hands the arguments over and the exit code back", async () => {
    await install();
    const run = await start(["up", "42"]);
    expect(run).toMatchObject({ exitCode: 42, stdout: "cli up", stderr: "" });
    expect(await npmCalls()).toEqual([]);
  });

  it("hands a signal over and waits for the end", async () => {
    await install();
    const run = start(["wait"]);
    for await (const line of run) if (line === "cli wait") run.kill("SIGTERM");
    expect((await run).exitCode).toBe(43);
  });
});

describe("with packages that do not match the lock file", () => {
  it("installs all of them, development packages too, and keeps npm's talk to itself", async () => {
    const run = await start(["up", "0"], { NODE_ENV: "production" });
    expect(run).toMatchObject({ exitCode: 0, stdout: "cli up" });
    expect(run.stderr).toMatch(/Installing the packages/);
    expect(run.stderr).not.toContain("EBADENGINE");
    expect(await npmCalls()).toEqual([expect.stringMatching(/ ci --ignore-scripts --include=dev/)]);
  });

  it("repairs an older install", async () => {
    await install("0.9.0");
    expect((await start(["up"])).exitCode).toBe(0);
    expect(await npmCalls()).toHaveLength(1);
  });

  it("repairs an install of which a part is gone", async () => {
    await install();
    await rm(join(checkout, "node_modules/a"), { recursive: true });
    expect((await start(["up"])).exitCode).toBe(0);
    expect(await npmCalls()).toHaveLength(1);
  });

  it("installs once when two start at once", async () => {
    const runs = await Promise.all([start(["up"]), start(["up"])]);
    expect(runs.map((run) => run.exitCode)).toEqual([0, 0]);
    expect(await npmCalls()).toHaveLength(1);
  });

  it("shows the end of npm's log when npm fails, and does not go on", async () => {
    const run = await start(["up"], { NPM_FAILS: "yes" });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/npm ci failed \(exit code 7\)[^]*network is down/);
  });

  it("leaves packages of other platforms aside", async () => {
    await install();
    const other = { version: "2.0.0", integrity: "sha512-b", optional: true, os: ["plan9"] };
    await writeFile(
      join(checkout, "package-lock.json"),
      JSON.stringify({ packages: { ...lock.packages, "node_modules/b": other } }),
    );
    expect((await start(["up"])).exitCode).toBe(0);
    expect(await npmCalls()).toEqual([]);
  });

  it("says what to do about a damaged lock file", async () => {
    await writeFile(join(checkout, "package-lock.json"), "{");
    expect((await start(["up"])).stderr).toContain("git checkout");
  });
});

describe("under a Node that cannot run TypeScript", () => {
  const old = ["--import", `data:text/javascript,${encodeURIComponent(pretendOld)}`];
  const platform = `${process.platform}-${process.arch}`;
  const path = `node_modules/node-${platform}`;
  const node = { version: "24.21.0", integrity: "sha512-n", optional: true, os: process.platform, cpu: [process.arch] };

  it("fetches the Node of the lock file first, and lets it run npm", async () => {
    await writeFile(
      join(checkout, "package-lock.json"),
      JSON.stringify({ packages: { ...lock.packages, [path]: node } }),
    );
    const run = await start(["up"], {}, old);
    expect(run).toMatchObject({ exitCode: 0, stdout: "cli up" });
    const calls = await npmCalls();
    expect(calls).toHaveLength(2);
    expect(calls[1]?.split(" ")[0]).toBe(join(checkout, "cache/garrison/node/v24.21.0", path, "bin/node"));
  });

  it("installs again when an optional package for this platform was left out", async () => {
    await install();
    await writeFile(
      join(checkout, "package-lock.json"),
      JSON.stringify({ packages: { ...lock.packages, [path]: node } }),
    );
    expect((await start(["up"])).exitCode).toBe(0);
    expect(await npmCalls()).toHaveLength(1);
  });

  it("says which Node is needed where the lock file brings none", async () => {
    const run = await start(["up"], {}, old);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/needs Node 22\.18 or newer[^]*this is Node 18\.20\.4/);
    expect(await npmCalls()).toEqual([]);
  });
});
