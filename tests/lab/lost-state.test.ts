import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { newEstateId } from "#lab/estate/facts.ts";
import { estateFiles } from "#lab/estate/paths.ts";
import { checkout } from "#helpers/files/directories.ts";
import { stateFile } from "#scripts/engine/state.ts";
import { docker, importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";

// An estate whose state no engine can go on with. None runs here: what it made is stood in for by three things with its
// label, and what the messages tell to type is typed.
const prefix = testPrefix();
const name = "lost-test";

let image = "";
let id = "";
let state = "";

const files = () => estateFiles(name, "office", join(state, "garrison"));
const type = (command: string) =>
  execa("sh", ["-c", command], {
    cwd: checkout,
    env: { XDG_STATE_HOME: state },
    reject: false,
    all: true,
    stdin: "ignore",
  });

async function labelled(): Promise<string[]> {
  const filter = `label=garrison.estate=${id}`;
  const listed = [
    await docker("ps", "-aq", "--filter", filter),
    await docker("network", "ls", "-q", "--filter", filter),
    await docker("volume", "ls", "-q", "--filter", filter),
  ];
  return listed.flatMap((lines) => lines.split("\n").filter((line) => line !== ""));
}

beforeAll(async () => {
  image = await importBusybox(`${prefix}-busybox:1`);
});

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "garrison-lost-"));
  id = newEstateId();
  await mkdir(dirname(stateFile(files(), "office")), { recursive: true });
  const resources = { memoryMiB: 4096, cpus: 2, openFiles: 1024 };
  const facts = { id, stack: "office", network: "10.99.0.0/16", resources, created: new Date().toISOString() };
  await writeFile(files().facts, JSON.stringify(facts), { mode: 0o600 });
  await writeFile(files().passphrase, "not used", { mode: 0o600 });
  const label = `garrison.estate=${id}`;
  await docker("network", "create", "--internal", "--label", label, `${prefix}-net`);
  await docker("volume", "create", "--label", label, `${prefix}-data`);
  const on = ["--network", `${prefix}-net`, "-v", `${prefix}-data:/data`];
  await docker("run", "-d", "--name", `${prefix}-one`, "--label", label, ...on, image, "/bin/sleep", "100000");
});

afterEach(async () => {
  await removeByPrefix(prefix, { images: false });
  await rm(state, { recursive: true, force: true });
});

afterAll(() => removeByPrefix(prefix));

const resource = (urn: string, outputs: object) => ({ urn, type: "docker:index/network:Network", id: urn, outputs });
const mixed = JSON.stringify({
  version: 3,
  checkpoint: {
    stack: "office",
    latest: { resources: [resource("lab", { __garrisonLab: "docker@5.2.0" }), resource("official", {})] },
  },
});

test.each([
  ["written by two kinds of plugins", mixed, "The state of this estate is mixed"],
  ["cut off, without a copy", mixed.slice(0, 60), "no copy of it can be read either"],
])("a state that was %s: what the message tells to type begins anew", async (_, text, said) => {
  await writeFile(stateFile(files(), "office"), text);
  const up = await type(`npm run up -- --estate ${name}`);
  expect(up.exitCode, up.all).toBe(1);
  expect(up.all).toContain(said);
  const down = /next: +(npm run down .*?) \(/.exec(up.all)?.[1] ?? "";
  expect(down).toBe(`npm run down -- --estate ${name} --volumes`);

  // Data goes only where that was said.
  const refused = await type(down.replace(" --volumes", ""));
  expect(refused.exitCode, refused.all).toBe(1);
  expect(refused.all).toContain(down);
  expect(await labelled()).toHaveLength(3);

  const removed = await type(down);
  expect(removed.exitCode, removed.all).toBe(0);
  expect(removed.all).toContain("Nothing of it is left");
  expect(await labelled()).toEqual([]);
  expect(existsSync(files().directory)).toBe(false);
});
