import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { execa } from "execa";

const run = promisify(execFile);

/** Debian's busybox-static: one file that is a whole user land. */
const busybox = "/bin/busybox";

/** A name for the things of one test file, so that nobody else's are touched. */
export function testPrefix(): string {
  return `gt${randomBytes(3).toString("hex")}`;
}

/** Runs `docker <args>` to its end and returns what it printed. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run("docker", args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

/** `docker inspect` of one thing, parsed. */
export async function inspect<T>(name: string, type: "container" | "network" | "volume" = "container"): Promise<T> {
  const [found] = JSON.parse(await docker(type, "inspect", name)) as T[];
  if (found === undefined) throw new Error(`docker ${type} inspect ${name}: nothing`);
  return found;
}

/** Makes a local image of busybox alone, without a registry. `extra` is shell, run in the image's root before that. */
export async function importBusybox(tag: string, extra = ":"): Promise<string> {
  if (!existsSync(busybox)) throw new Error(`${busybox} is missing; install it with: apt-get install busybox-static`);
  const root = await mkdtemp(join(tmpdir(), "garrison-image-"));
  try {
    const script = `mkdir -p bin tmp etc && cp ${busybox} bin/busybox && for a in sh sleep true false nc wget cat id; do ln -sf busybox bin/$a; done`;
    await execa({ cwd: root })`sh -c ${script}`;
    await execa({ cwd: root })`sh -c ${extra}`;
    await execa({ cwd: root, shell: true })`tar -c . | docker import - ${tag}`;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return tag;
}

/** Removes every container, network, volume and image whose name starts with the prefix. */
export async function removeByPrefix(prefix: string, { images = true } = {}): Promise<void> {
  const names = async (...args: string[]) =>
    (await docker(...args)).split("\n").filter((name) => name.startsWith(prefix));
  for (const name of await names("ps", "-a", "--format", "{{.Names}}")) await docker("rm", "-fv", name);
  for (const name of await names("network", "ls", "--format", "{{.Name}}")) await docker("network", "rm", name);
  for (const name of await names("volume", "ls", "--format", "{{.Name}}")) await docker("volume", "rm", name);
  if (!images) return;
  for (const name of await names("images", "--format", "{{.Repository}}:{{.Tag}}")) await docker("rmi", "-f", name);
}
