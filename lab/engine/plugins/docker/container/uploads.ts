/** Files that are put into a container before its start. */
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import type { Upload } from "../inputs.ts";

export async function upload(container: Dockerode.Container, uploads: readonly Upload[]): Promise<void> {
  if (uploads.length === 0) return;
  const { pack } = await import("tar-stream");
  const archive = pack();
  for (const file of uploads) {
    archive.entry(
      {
        name: file.file.replace(/^\/+/, ""),
        mode: parseInt(file.permissions ?? (file.executable === true ? "0744" : "0644"), 8),
        uid: Number(file.owner ?? 0),
        gid: Number(file.group ?? 0),
      },
      await content(file),
    );
  }
  archive.finalize();
  await container.putArchive(Readable.from(archive), { path: "/" });
}

async function content(file: Upload): Promise<Buffer> {
  if (file.contentBase64 !== undefined) return Buffer.from(file.contentBase64, "base64");
  if (file.source !== undefined) return readFile(file.source);
  return Buffer.from(file.content ?? "");
}
