import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemReport, renderReport } from "#helpers/terminal/report.ts";
import { findOnPath } from "#scripts/toolchain/on-path.ts";

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
});

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** Lays programs into a directory below the scratch directory; each answers with the given line. */
async function install(directory: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const path = join(scratch, directory);
  await mkdir(path, { recursive: true });
  for (const [name, answer] of Object.entries(programs)) {
    await writeFile(join(path, name), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  }
  return path;
}

const look = (path: string) => findOnPath({ PATH: path, XDG_CACHE_HOME: join(scratch, "cache") });

/** What a person reads when it is refused. */
async function refusal(path: string): Promise<string> {
  const error = await look(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemReport);
  return renderReport(error as ProblemReport);
}

const host = { "pulumi-language-nodejs": "exit 0" };

describe("the operator's own Pulumi", () => {
  it("is found with its language host beside it, also behind a symbolic link", async () => {
    const real = await install("opt", { pulumi: "echo v3.260.1", ...host });
    expect(await look(real)).toEqual({ file: join(real, "pulumi"), version: "v3.260.1" });

    const linked = await install("bin", {});
    await symlink(join(real, "pulumi"), join(linked, "pulumi"));
    expect(await look(linked)).toEqual({ file: join(linked, "pulumi"), version: "v3.260.1" });
  });

  it("is found with its language host elsewhere on PATH", async () => {
    const bin = await install("bin", { pulumi: "echo v3.229.0" });
    const hosts = await install("hosts", host);
    expect(await look(`${bin}:${hosts}`)).toMatchObject({ version: "v3.229.0" });
  });

  it("is passed over, and that is said, without a language host", async () => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    expect(await look(await install("bin", { pulumi: "echo v3.259.0" }))).toBeUndefined();
    expect(said).toHaveBeenCalledWith(expect.stringContaining("pulumi-language-nodejs"));
  });

  it("is not the lab's engine, which lies in our own cache", async () => {
    const engine = await install("cache/garrison/engine/x/bin", { pulumi: "echo v3.259.0", ...host });
    expect(await look(engine)).toBeUndefined();
  });

  it("is nothing on an empty PATH", async () => {
    expect(await look("")).toBeUndefined();
  });
});

describe("a Pulumi that does not fit", () => {
  it.each([
    ["v3.228.9", "too old"],
    ["v2.25.2", "too old"],
    ["v4.0.0", "too new"],
    ["nonsense", "unknown"],
  ])("%s is refused as %s, with the range and what to type", async (version, age) => {
    const text = await refusal(await install("bin", { pulumi: `echo ${version}`, ...host }));
    expect(text).toContain(`${version} (${age})`);
    expect(text).toContain(">= 3.229.0 and < 4.0.0");
    expect(text).toMatch(/next:\s+curl -fsSL/);
  });

  it("is refused with its own words when it does not run", async () => {
    const text = await refusal(await install("bin", { pulumi: "echo broken library >&2; exit 127", ...host }));
    expect(text).toContain("broken library");
  });
});
