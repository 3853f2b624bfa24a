import type { Problem } from "#components/lib/problems.ts";
import type { LabelledObject } from "./orphans.ts";

/** What is still on the host of an estate that was removed. */
interface LeftBehind {
  /** Containers and networks. */
  readonly objects: readonly LabelledObject[];
  /** Directories of control groups. */
  readonly cgroups: readonly string[];
  /** Directories with its files, which are mounts of their own where they hold secrets. */
  readonly files: readonly string[];
  /** Tables of nftables, of the family `inet`. */
  readonly tables: readonly string[];
}

/** Each with the command that removes it before `again` looks once more. */
export function leftBehind({ objects, cgroups, files, tables }: LeftBehind, again: string): Problem[] {
  const left = (property: string, expected: string, command: string): Problem => ({
    property,
    found: "still there",
    expected,
    fix: `${command}, then ${again}`,
  });
  return [
    ...objects.map(({ kind, name }) =>
      left(`${kind} ${name}`, "removed", kind === "container" ? `docker rm -f ${name}` : `docker network rm ${name}`),
    ),
    ...cgroups.map((path) => left(`cgroup ${path}`, "removed with the containers in it", `rmdir ${path}`)),
    ...files.map((path) =>
      left(`files in ${path}`, "removed with the containers that read them", `umount ${path}; rm -r ${path}`),
    ),
    ...tables.map((table) =>
      left(`host rules in table ${table}`, "removed after the last container", `nft delete table inet ${table}`),
    ),
  ];
}
