import { join } from "node:path";
import { bootUnit } from "../host/boot-unit.ts";
import { shellCall, shellFile } from "../lib/shell.ts";
import { filesRoot } from "./plan-files.ts";
import type { ServiceFiles } from "./plan-files.ts";

/**
 * Delivers the files of an estate to its host: with `apply` they are there and nothing else is, with `remove` they are
 * gone. Touches nothing outside the estate's own directories. Holds the secrets: it is handed over on stdin only.
 *
 * @param files with every reference filled in
 */
export function filesScript(estate: string, files: readonly ServiceFiles[]): string {
  const unit = `garrison-${estate}-files`;
  const store = `/var/lib/garrison/${estate}`;
  const [, unitFile, boot] = bootUnit({
    name: unit,
    description: `Configuration and secrets of the containers of estate ${estate}`,
    script: script("boot.sh") + shellCall("refill", unit, store),
  });
  const words = [unit, store, filesRoot(estate), fillScript(estate, files), unitFile, boot];
  return script("deliver.sh") + shellCall("deliver", ...words);
}

function fillScript(estate: string, files: readonly ServiceFiles[]): string {
  const root = filesRoot(estate);
  const below = (path: string): string => path.slice(root.length + 1);
  const writes = files.flatMap(({ service, user, directories }) =>
    directories.flatMap(({ source, files: texts }) => [
      shellCall(
        "directory",
        service,
        `${String(user.uid)}:${String(user.gid)}`,
        below(source).slice(service.length + 1),
      ),
      ...Object.entries(texts).map(([name, text]) => shellCall("file", name, Buffer.from(text).toString("base64"))),
    ]),
  );
  const clean = [
    shellCall("only", root, ...files.map(({ service }) => service)),
    ...files.flatMap(({ service, directories }) => [
      shellCall(
        "only",
        `${root}/${service}`,
        ...directories.map(({ source }) => below(source).slice(service.length + 1)),
      ),
      ...directories.map(({ source, files: texts }) => shellCall("only", source, ...Object.keys(texts))),
    ]),
  ];
  const sources = files.flatMap(({ directories }) => directories.map(({ source }) => source));
  const start = [shellCall("memory", root), shellCall("only_roots", root, ...sources)];
  return [script("fill.sh"), ...start, ...writes, ...clean].join("");
}

function script(name: string): string {
  return shellFile(join(import.meta.dirname, name));
}
