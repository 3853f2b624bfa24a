import { createHash } from "node:crypto";

/** What a host script touches, by where a test keeps it. */
const PLACES: readonly (readonly [there: RegExp, here: string])[] = [
  [/\/run\/(?=garrison|systemd|\$own)/g, "run/"],
  [/\/var\/lib\/garrison/g, "var/lib/garrison"],
  [/\/etc\/systemd\/system/g, "units"],
  [/\/etc\/garrison/g, "etc/garrison"],
  [/\/usr\/local\/lib\/garrison/g, "lib/garrison"],
  [/\/proc\/self\/mounts/g, "mounts"],
  [/\/proc\/sys\/net\/bridge/g, "bridge"],
  [/\/sys\/fs\/cgroup/g, "cgroup"],
];

/**
 * The script of an estate's part with the directories of the machine moved into a test's, and the programs of its `bin`
 * before the machine's. The bundle is whole again afterwards.
 */
export function movedHost(directory: string, script: string): string {
  const moved = PLACES.reduce((text, [there, here]) => text.replaceAll(there, `${directory}/${here}`), script);
  return moved
    .replaceAll("PATH=/usr/local/sbin:", `PATH=${directory}/bin:/usr/local/sbin:`)
    .replace(/(host garrison-[^']*)\nend [0-9a-f]{64}\n/, (_, body: string) => {
      return `${body}\nend ${createHash("sha256").update(body).digest("hex")}\n`;
    });
}
