import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BOOT_WAIVER, unitFile } from "#components/host/estate-part.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { RECOVERY_UNIT, RECOVERY_WAIVER } from "#components/host/bundle/program/recovery-unit.ts";
import { EXPOSURE } from "#components/host/bundle/render/units.ts";
import { aHost } from "./bundle/a-host.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-exposure-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** What systemd says, in tenths: 0 is shut in, 100 is open to everything. */
async function exposureOf(name: string, text: string): Promise<number> {
  const file = join(directory, name);
  await writeFile(file, text);
  const { stdout } = await execa("systemd-analyze", ["security", "--offline=true", "--no-pager", file]);
  return Math.round(Number(/level for \S+: (\d+\.\d)/.exec(stdout)?.[1]) * 10);
}

const ofBundle = planBundle(aHost()).entries.flatMap(({ path, content, check }) =>
  path.endsWith(".service") && check.startsWith("unit:")
    ? [{ name: path.slice(path.lastIndexOf("/") + 1), text: content, most: Number(check.slice(5)) }]
    : [],
);
const others = [
  {
    name: "boot.service",
    text: unitFile("office/rules", "A start"),
    most: BOOT_WAIVER.exposure,
  },
  { name: "garrison-host-recover.service", text: RECOVERY_UNIT, most: RECOVERY_WAIVER.exposure },
];

test.each([...ofBundle, ...others])("$name is no more exposed than it may be", async ({ name, text, most }) => {
  const found = await exposureOf(name, text);
  expect(found).toBeLessThanOrEqual(most);
  // A waiver is needed, and says so where the unit lies.
  if (most > EXPOSURE) {
    expect(found).toBeGreaterThan(EXPOSURE);
    expect(text).toMatch(/^# Waiver: .{20}/);
  }
});

test("a service without a sandbox is", async () => {
  expect(ofBundle.map(({ name }) => name)).toEqual([
    "backup.service",
    "garrison-rules.service",
    "garrison-runtime.service",
  ]);
  expect(await exposureOf("bare.service", "[Service]\nExecStart=/bin/true\n")).toBeGreaterThan(90);
});
