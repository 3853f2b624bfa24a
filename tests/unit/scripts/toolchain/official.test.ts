import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { pluginVersions } from "#helpers/pulumi/versions.ts";
import { findOfficialParts, requireOfficialParts } from "#scripts/toolchain/official.ts";
import { findPlugin, pulumiHome } from "#scripts/toolchain/plugins.ts";
import type { ProblemReport } from "#helpers/terminal/report.ts";

const names = ["command", "docker", "random", "tls"] as const;
let scratch: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  environment = { PATH: join(scratch, "bin"), PULUMI_HOME: join(scratch, "home"), XDG_CACHE_HOME: scratch };
});

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function put(directory: string, program: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, program);
  await writeFile(file, "#!/bin/sh\n", { mode: 0o755 });
  return file;
}

const inHome = (name: (typeof names)[number]): string =>
  join(scratch, "home/plugins", `resource-${name}-v${pluginVersions[name]}`);

describe("Pulumi's own parts", () => {
  it("are found on PATH and in Pulumi's home, PATH first", async () => {
    const languageHost = await put(join(scratch, "home/bin"), "pulumi-language-nodejs");
    for (const name of names) await put(inHome(name), `pulumi-resource-${name}`);
    const docker = await put(join(scratch, "bin"), "pulumi-resource-docker");
    const { parts, missing } = await findOfficialParts(environment);
    expect(missing).toEqual([]);
    expect(parts).toMatchObject({ languageHost, plugins: { docker, tls: join(inHome("tls"), "pulumi-resource-tls") } });
  });

  it("are not there while one is missing, and each is told with what to type", async () => {
    await put(join(scratch, "bin"), "pulumi-resource-docker");
    const error = await requireOfficialParts(environment).catch((reason: unknown) => reason);
    const { problems } = error as ProblemReport;
    const others = names.filter((name) => name !== "docker");
    expect(problems.map(({ property }) => property)).toEqual([
      "pulumi-language-nodejs",
      ...others.map((name) => `pulumi-resource-${name}`),
    ]);
    expect(problems.at(-1)?.fix).toBe(`pulumi plugin install resource tls ${pluginVersions.tls}`);
  });

  it("do not include the lab's language host, which is first on PATH in the lab's own environment", async () => {
    for (const name of names) await put(inHome(name), `pulumi-resource-${name}`);
    const engine = join(cacheDirectory(environment), "engine/abc/bin");
    await put(engine, "pulumi-language-nodejs");
    const { parts, missing } = await findOfficialParts({ ...environment, PATH: engine });
    expect(parts).toBeUndefined();
    expect(missing.map(({ property }) => property)).toEqual(["pulumi-language-nodejs"]);
  });
});

describe("a plugin in Pulumi's home", () => {
  it("is not there while its download has not ended", async () => {
    const file = await put(inHome("tls"), "pulumi-resource-tls");
    expect(await findPlugin("tls", pluginVersions.tls, environment)).toBe(file);
    await writeFile(`${inHome("tls")}.partial`, "");
    expect(await findPlugin("tls", pluginVersions.tls, environment)).toBeUndefined();
  });

  it("is looked for in the account's home, whatever HOME says, and in PULUMI_HOME where that is set", async () => {
    const module = resolve(import.meta.dirname, "../../../../scripts/toolchain/plugins.ts");
    const script = `import { homedir } from "node:os"; import { pulumiHome } from ${JSON.stringify(module)};
      console.log(homedir()); console.log(pulumiHome({}));`;
    const asked = await execa(process.execPath, ["--input-type=module", "-e", script], { env: { HOME: scratch } });
    expect(asked.stdout.split("\n")).toEqual([scratch, join(userInfo().homedir, ".pulumi")]);
    expect(pulumiHome({ PULUMI_HOME: "" })).toBe(join(userInfo().homedir, ".pulumi"));
    expect(pulumiHome({ PULUMI_HOME: "/elsewhere" })).toBe("/elsewhere");
  });
});
