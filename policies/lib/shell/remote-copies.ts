import { posix } from "node:path";

import type { Desk } from "./effects.ts";
import { readAnywhere, words } from "./options.ts";
import type { Call, Stream } from "./script.ts";
import { unchecked } from "./script.ts";

const COPIES = { valued: words("c F i J l o P S e rsh T exclude include files-from rsync-path port bwlimit f filter") };
const UNSEEN: Stream = { fetched: [], isUnseen: true };

/** Puts what a command copies to another machine among the files there. */
export function copied(call: Call, desk: Desk): void {
  const { name, argv, stdin } = call;
  if (name === "sftp") {
    for (const [, source = "", target = ""] of (stdin.text ?? "").matchAll(
      /^[ \t]*put[ \t]+(?:-\w+[ \t]+)*(\S+)(?:[ \t]+(\S+))?/gm,
    ))
      place(source, target === "" ? source : target, desk);
    return;
  }
  if (!/^(?:scp|rsync)$/.test(name)) return;
  const { operands } = readAnywhere(argv, COPIES, 1);
  const target = /^(?:[\w.-]+@)?[\w.-]+::?(.*)$/.exec(operands.at(-1) ?? "")?.[1];
  if (target === undefined) return;
  for (const source of operands.slice(0, -1)) place(source, target === "" ? "." : target, desk);
}

function place(source: string, target: string, desk: Desk): void {
  const stream = desk.fileAt(source) ?? UNSEEN;
  for (const path of [target, posix.join(target, posix.basename(source))]) desk.remote.set(remote(path), stream);
  // A directory brings whatever is in it.
  if (source.endsWith("/") || !posix.basename(source).includes(".")) desk.remote.set(`${remote(target)}/**`, stream);
}

/** As another machine's shell finds it, which starts at home. */
function remote(path: string): string {
  const home = path.replace(/^~(?=\/|$)/, "/home/user");
  return posix.normalize(home).replace(/\/$/, "");
}

/** Names a script that another machine runs and no text shows. */
export function unseenThere(content: Stream, name: string, desk: Desk): void {
  if (content.isUnseen === true && content.text === undefined && unchecked(content).length === 0)
    desk.script.unseen.push(name);
}
