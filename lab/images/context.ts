import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import type { Header, Pack } from "tar-stream";
import { fileMode } from "#helpers/docker/recipe.ts";
import type { ImageInputs } from "./inputs.ts";
import { isApplet } from "./plan.ts";

/** Archives that lie beside the Dockerfile of the build: name to file. */
export type Archives = Readonly<Record<string, string>>;

type Named = Partial<Header> & Pick<Header, "name">;

const STAND_IN_FILES = ["answer", "probe", "serve"];

/** The build context as a tar stream: the recipe's files, `root.tar` made for this image, and the big archives. */
export async function buildContext(inputs: ImageInputs, archives: Archives, busybox?: Buffer): Promise<Readable> {
  const root = await rootArchive(inputs, busybox);
  const context = pack();
  void fill(context, inputs, archives, root).catch((error: unknown) => {
    context.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return context as unknown as Readable;
}

async function fill(context: Pack, inputs: ImageInputs, archives: Archives, root: Buffer): Promise<void> {
  for (const [name, text] of inputs.files) {
    if (!name.startsWith("files/")) context.entry(header(name, fileMode(name)), text);
  }
  context.entry(header("root.tar", 0o644), root);
  for (const [name, file] of Object.entries(archives)) {
    const { size } = await stat(file);
    await pipeline(createReadStream(file), context.entry({ ...header(name, 0o644), size }));
  }
  context.finalize();
}

/** What is added below `/`: mount points, and for a stand-in busybox and what makes it one. */
async function rootArchive({ plan, files }: ImageInputs, busybox?: Buffer): Promise<Buffer> {
  const root = pack();
  for (const path of withParents(plan.directories)) root.entry({ ...header(path, 0o755), type: "directory" });
  if (busybox !== undefined) {
    root.entry(header("bin/busybox", 0o755), busybox);
    link(root, "bin/sh", "busybox");
    for (const name of STAND_IN_FILES) root.entry(header(`stand-in/${name}`, 0o755), files.get(`files/${name}`) ?? "");
    root.entry(header("stand-in/name", 0o644), `${plan.key}\n`);
    root.entry(header("stand-in/ports", 0o644), plan.ports.map(([port, status]) => `${port} ${status}\n`).join(""));
    for (const shim of plan.shims) link(root, shim.slice(1), isApplet(shim) ? "/bin/busybox" : "/stand-in/probe");
  }
  root.finalize();
  return buffer(root);
}

function link(root: Pack, name: string, target: string): void {
  root.entry({ ...header(name, 0o777), type: "symlink", linkname: target });
}

// The same content gives the same archive: no time of its own.
function header(name: string, mode: number): Named {
  return { name, mode, uid: 0, gid: 0, mtime: new Date(0) };
}

function withParents(directories: readonly string[]): string[] {
  const all = directories.flatMap((path) => {
    const parts = path.split("/").filter((part) => part !== "");
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  });
  return [...new Set(all)].sort();
}
