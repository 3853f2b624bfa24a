import { posix } from "node:path";

import type { Desk } from "./effects.ts";
import { isLoopbackUrl } from "./fetching.ts";
import { readOptions, words } from "./options.ts";
import type { Stream } from "./script.ts";

const VALUED = words(
  "b branch depth o origin c config u reference template j jobs filter r revision rev username password",
);
const VERBS = /^(?:clone|checkout|co|export|branch)$/;
const ADDRESS = /^[a-z+]+:\/\/|^[\w.-]+@[\w.-]+:/i;

/** What a program for versions fetches: many files, of which any may be run later. */
export function cloned(name: string, argv: readonly string[], desk: Desk): void {
  const verb = argv.findIndex((word, index) => index > 0 && (name === "git" ? word === "clone" : VERBS.test(word)));
  if (verb > 0) {
    const { next } = readOptions(argv, { valued: VALUED }, verb + 1);
    const [url = "", target] = argv.slice(next).filter((word) => !word.startsWith("-"));
    const isAddress = ADDRESS.test(url) || (name === "gh" && /^[\w.-]+\/[\w.-]+$/.test(url));
    if (!isAddress || isLoopbackUrl(url)) return;
    const directory = target ?? posix.basename(url).replace(/\.git$/, "");
    (desk.files as Map<string, Stream>).set(`${desk.path(directory).replace(/\/$/, "")}/**`, {
      fetched: [{ file: "git", checked: false, archive: true }],
    });
  }
  if (name === "gh" && argv[1] === "release" && argv[2] === "download") {
    const at = argv.findIndex((word) => /^(?:-D|--dir)$/.test(word));
    (desk.files as Map<string, Stream>).set(
      `${desk.path((at > 0 ? argv[at + 1] : undefined) ?? ".").replace(/\/$/, "")}/**`,
      {
        fetched: [{ file: "release", checked: false, archive: true }],
      },
    );
  }
  const pins =
    argv.some((word) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(word)) ||
    argv.some((word) => /^verify-(commit|tag)$/.test(word));
  if (!pins) return;
  for (const stream of desk.files.values())
    for (const one of stream.fetched) if (one.file === "git") one.checked = true;
}
