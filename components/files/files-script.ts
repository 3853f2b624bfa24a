import { estateScript } from "../host/estate-part.ts";
import { filesRoot } from "./plan-files.ts";
import type { ServiceFiles } from "./plan-files.ts";

/**
 * Delivers the files of an estate to its host: with `apply` they are there and nothing else is, with `remove` they are
 * gone. Touches nothing outside the estate's own directories. Holds the secrets: it is handed over on stdin only.
 *
 * @param files with every reference filled in
 */
export function filesScript(estate: string, files: readonly ServiceFiles[]): string {
  const root = filesRoot(estate);
  const lines = files.flatMap(({ service, user, directories }) =>
    directories.flatMap(({ source, files: texts }) => [
      `directory ${service} ${String(user.uid)}:${String(user.gid)} ${source.slice(`${root}/${service}/`.length)}`,
      ...Object.entries(texts).map(([name, text]) => `file ${name} ${Buffer.from(text).toString("base64") || "-"}`),
    ]),
  );
  return estateScript({
    estate,
    part: "files",
    lines: [`memory ${root}`, ...lines],
    atStart: "Configuration and secrets of the containers",
  });
}
