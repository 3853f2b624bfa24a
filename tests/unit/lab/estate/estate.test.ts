import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "#stacks/settings.ts";
import { estateName, findEstate, openEstate } from "#lab/estate/estate.ts";
import { newEstateId } from "#lab/estate/facts.ts";
import { overlaps } from "#lab/estate/network-block.ts";
import { labSettings, prepareFiles } from "#lab/estate/prepare.ts";

const daemon = { host: "unix:///var/run/docker.sock", cgroupDriver: "cgroupfs" } as const;

describe("a lab estate", () => {
  let state = "";
  const before = process.env.XDG_STATE_HOME;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), "garrison-estate-"));
    process.env.XDG_STATE_HOME = state;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    await rm(state, { recursive: true, force: true });
  });

  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  test("appears whole, for its owner only", async () => {
    const { files } = await openEstate("probe", "office", undefined);
    expect(await mode(files.directory)).toBe(0o700);
    expect(await mode(files.passphrase)).toBe(0o600);
    expect(await mode(files.backend)).toBe(0o700);
    expect(Buffer.from(await readFile(files.passphrase, "utf8"), "base64")).toHaveLength(32);
    expect(await readdir(join(state, "garrison"))).toEqual(["probe"]);
  });

  test("keeps what was decided when it was made", async () => {
    const made = await openEstate("probe", "office", undefined);
    expect(await openEstate("probe", "office", undefined)).toEqual(made);
    expect(made.id).toMatch(/^[a-z][a-z0-9]{1,7}$/);
  });

  test("made by several at once is one estate", async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openEstate("probe", "office", undefined)));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(await readdir(join(state, "garrison"))).toEqual(["probe"]);
  });

  test("gets a block that another estate does not have, though that one is down", async () => {
    const first = await openEstate("one", "office", undefined);
    const second = await openEstate("two", "office", undefined);
    expect(overlaps(first.network, second.network)).toBe(false);
  });

  test("is refused for another stack, when damaged, and where something else lies", async () => {
    const { files } = await openEstate("probe", "office", undefined);
    await expect(findEstate("probe", "gpu")).rejects.toThrow(/another stack/);
    await writeFile(files.facts, "{");
    await expect(findEstate("probe", "office")).rejects.toThrow(/damaged/);
    const foreign = join(state, "garrison", "foreign");
    await mkdir(foreign);
    await writeFile(join(foreign, "letter"), "mine");
    await expect(openEstate("foreign", "office", undefined)).rejects.toThrow(/belongs to something else/);
    expect(await readdir(foreign)).toEqual(["letter"]);
  });

  test("writes copies of project and settings that only their owner reads, and leaves the checkout alone", async () => {
    const estate = await openEstate("probe", "office", undefined);
    const checkout = join(state, "checkout");
    await mkdir(checkout);
    await writeFile(join(checkout, "Pulumi.yaml"), "name: garrison\n");
    const committed = "config:\n  garrison:estate: office\n";
    await writeFile(join(checkout, "Pulumi.office.yaml"), committed);
    await prepareFiles(estate, checkout, daemon);
    expect(await mode(estate.files.settings)).toBe(0o600);
    expect(await readFile(estate.files.project, "utf8")).toBe("name: garrison\n");
    expect(parse(await readFile(estate.files.settings, "utf8"))).toMatchObject({
      config: { "garrison:estate": estate.id, "garrison:network": estate.network },
    });
    expect((await readdir(checkout)).sort()).toEqual(["Pulumi.office.yaml", "Pulumi.yaml"]);
    expect(await readFile(join(checkout, "Pulumi.office.yaml"), "utf8")).toBe(committed);
  });

  test("is not kept from being made by another that is damaged", async () => {
    const { files } = await openEstate("other", "office", undefined);
    await writeFile(files.facts, "{");
    expect((await openEstate("probe", "office", undefined)).name).toBe("probe");
  });

  test("has settings that the program accepts", async () => {
    const estate = await openEstate("probe", "office", undefined);
    const given = Object.entries(labSettings(estate, daemon)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const settings = parseSettings(Object.fromEntries(given) as Record<string, string>, "office");
    expect(settings).toMatchObject({ lab: true, estate: estate.id, imagesLock: estate.files.imagesLock });
  });
});

describe("names", () => {
  test("of estates default to the stack and are refused when they could not be a directory", () => {
    expect(estateName("office", undefined)).toBe("office");
    expect(estateName("office", "e2e-1")).toBe("e2e-1");
    for (const bad of ["", "../x", "A", "1x", "x".repeat(33)]) {
      expect(() => estateName("office", bad)).toThrow(/That cannot be the name of an estate/);
    }
  });

  test("ids begin with a letter and differ", () => {
    const ids = Array.from({ length: 200 }, newEstateId);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]{5}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
