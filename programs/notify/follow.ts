import { readdirSync, statSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Position } from "@garrison/programs-lib/notifier/spool.ts";
import { Lines } from "./lines.ts";

/** How often the file is looked at, in milliseconds. */
const LOOK = 500;
const CHUNK = 64 * 1024;

/**
 * Lines that are appended to `file`, from `since` on, with how far they were read. A file that was renamed (logrotate's
 * `create`) is read to its end before the new one; one that was cut short (`copytruncate`) from its beginning.
 */
export async function* follow(
  file: string,
  since: Position | undefined,
  signal: AbortSignal,
): AsyncGenerator<{ lines: string[]; position: Position }> {
  let from = since;
  while (!signal.aborted) {
    const path = from === undefined ? file : (pathOf(file, from.inode) ?? file);
    const handle = await open(path, "r").catch(() => undefined);
    if (handle) {
      try {
        for await (const step of readOn(handle, file, from, signal)) {
          from = step.position;
          yield step;
        }
      } finally {
        await handle.close();
      }
      if (path !== file) from = undefined;
    }
    await pause(handle && path !== file ? 0 : LOOK, undefined, { signal }).catch(() => undefined);
  }
}

/** Until the file at `file` is another one and this one has been read to its end. */
async function* readOn(handle: FileHandle, file: string, since: Position | undefined, signal: AbortSignal) {
  const inode = String((await handle.stat()).ino);
  let read = since?.inode === inode ? since.offset : 0;
  let lines = new Lines();
  const buffer = Buffer.alloc(CHUNK);
  while (!signal.aborted) {
    const isReplaced = inodeOf(file) !== inode;
    if ((await handle.stat()).size < read) [read, lines] = [0, new Lines()];
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, read);
    if (bytesRead > 0) {
      read += bytesRead;
      const found = lines.add(Buffer.from(buffer.subarray(0, bytesRead)));
      if (found.length > 0) yield { lines: found, position: { source: file, inode, offset: read - lines.pending } };
    } else if (isReplaced) return;
    else await pause(LOOK, undefined, { signal }).catch(() => undefined);
  }
}

function inodeOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && String(found.ino);
}

/** Where the file that was `file` lies now: beside it, under a name that begins with its own. */
function pathOf(file: string, inode: string): string | undefined {
  const directory = dirname(file);
  const names = readdirSync(directory).filter((name) => name.startsWith(basename(file)));
  return names.map((name) => join(directory, name)).find((path) => inodeOf(path) === inode);
}
