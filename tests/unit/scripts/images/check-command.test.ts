import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IMAGE_LOCK } from "#scripts/images/lock-file.ts";

const cli = resolve(import.meta.dirname, "../../../../scripts/cli.ts");
let directory = "";
let old = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-check-"));
  old = join(directory, "images.lock.json");
  const lock = JSON.parse(await readFile(IMAGE_LOCK, "utf8")) as { images: Record<string, { tag: string | null }> };
  if (lock.images.nginx) lock.images.nginx.tag = "1.29.5-alpine";
  await writeFile(old, JSON.stringify(lock));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function check(file: string, ...options: string[]) {
  return execa("node", [cli, "images", "--file", file, "check", "--offline", ...options], { reject: false });
}

describe("images check", () => {
  test("names a pin with holes, and the command that pins a release without", async () => {
    const { exitCode, stdout, stderr } = await check(old);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✗ nginx 1.29.5-alpine");
    expect(stderr).toContain("npm run images -- lock nginx --tag 1.31.9-alpine");
  });

  test("tells a program the same", async () => {
    const { exitCode, stdout } = await check(old, "--json");
    expect(exitCode).toBe(1);
    const nginx = (JSON.parse(stdout) as { key: string }[]).find(({ key }) => key === "nginx");
    expect(nginx).toMatchObject({ tag: "1.29.5-alpine", floor: "1.31.9-alpine" });
  });

  test("is content with the committed lock", async () => {
    expect(await check(IMAGE_LOCK, "--json")).toMatchObject({ exitCode: 0 });
  });
});
