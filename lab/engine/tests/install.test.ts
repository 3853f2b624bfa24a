import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installEngine } from "../install.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "garrison-install-"));
  writeFileSync(join(root, "cli"), "#!/bin/sh\necho one\n", { mode: 0o755 });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const install = (node = process.execPath) =>
  installEngine({ pulumi: join(root, "cli"), directory: join(root, "engine"), node, fabric: "/it's/fabric.ts" });

describe("installEngine", () => {
  test("lays out the command line, the language host beside it and every plugin", async () => {
    const engine = await install();
    expect(execFileSync(engine.pulumi, { encoding: "utf8" })).toBe("one\n");
    expect(statSync(engine.pulumi).ino).toBe(statSync(join(root, "cli")).ino);
    expect(readdirSync(join(root, "engine/bin")).sort()).toEqual(["pulumi", "pulumi-language-nodejs"]);
    const plugins = readdirSync(join(engine.home, "plugins")).sort();
    const known = Object.entries(pluginVersions);
    expect(plugins).toEqual(known.map(([name, version]) => `resource-${name}-v${version}`).sort());
    for (const [name, version] of known) {
      const file = join(engine.home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
      expect(statSync(file).mode & 0o111).toBe(0o111);
    }
  });

  test("a second time changes nothing, and leaves nothing lying about", async () => {
    const engine = await install();
    const host = join(root, "engine/bin/pulumi-language-nodejs");
    const before = [statSync(engine.pulumi).ino, statSync(host).ino];
    await Promise.all([install(), install()]);
    expect([statSync(engine.pulumi).ino, statSync(host).ino]).toEqual(before);
    expect(readdirSync(join(root, "engine/bin"))).toHaveLength(2);
  });

  test("two at a time do not get in each other's way", async () => {
    const [one, two] = await Promise.all([install(), install()]);
    expect(one).toEqual(two);
    expect(readdirSync(join(root, "engine/bin"))).toHaveLength(2);
  });

  test("another command line and a damaged launcher are put right", async () => {
    const engine = await install();
    const host = join(root, "engine/bin/pulumi-language-nodejs");
    const good = readFileSync(host, "utf8");
    writeFileSync(host, "half a fi");
    rmSync(join(root, "cli"));
    writeFileSync(join(root, "cli"), "#!/bin/sh\necho number two\n", { mode: 0o755 });
    await install();
    expect(execFileSync(engine.pulumi, { encoding: "utf8" })).toBe("number two\n");
    expect(readFileSync(host, "utf8")).toBe(good);
  });

  test("a quote in a path stays a quote", async () => {
    const odd = join(root, "it's a node");
    mkdirSync(odd);
    writeFileSync(join(odd, "node"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    await install(join(odd, "node"));
    const said = execFileSync(join(root, "engine/bin/pulumi-language-nodejs"), ["address"], { encoding: "utf8" });
    expect(said).toMatch(/language-host\/main\.ts address\n$/);
  });

  test("plugins know the module that makes machines; whoever starts them may name another", async () => {
    const shell = join(root, "shell");
    writeFileSync(shell, '#!/bin/sh\necho "$GARRISON_FABRIC"\n', { mode: 0o755 });
    await install(shell);
    const start = (env: Record<string, string>) =>
      execFileSync(join(root, "engine/bin/pulumi-language-nodejs"), { encoding: "utf8", env });
    expect(start({})).toBe("/it's/fabric.ts\n");
    expect(start({ GARRISON_FABRIC: "/other.ts" })).toBe("/other.ts\n");
  });

  test("a command line that is not there is named, with what to do", async () => {
    rmSync(join(root, "cli"));
    await expect(install()).rejects.toThrow(/no Pulumi command line at .*cli; run `npm run doctor`/);
  });
});
