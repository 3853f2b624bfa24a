import { existsSync } from "node:fs";
import { labLinks } from "./bridges.ts";
import { machineCgroups } from "./cgroups.ts";
import { labProcesses } from "./daemon.ts";
import { taggedRules } from "./firewall.ts";
import { tryHost } from "./host-command.ts";
import type { Lab } from "./lab-of.ts";
import { mountsBelow } from "./mounts.ts";

/** Something of a lab that should be gone, and what removes it. */
export interface Leftover {
  readonly what: string;
  readonly next: string;
}

/** What of the lab is still on the host. Looked for in the kernel, not in anything that the lab has written down. */
export async function leftovers({ facts, incusFiles, layout }: Lab): Promise<readonly Leftover[]> {
  const mounts = await mountsBelow(incusFiles.mounted);
  const cgroups = await machineCgroups(`${facts.id}-`);
  const rules = [...(await taggedRules(layout.tag)), ...(await taggedRules(layout.azure.tag))];
  const links = await labLinks(layout);
  const listed = (await tryHost("nft", ["list", "tables", "ip"])) ?? "";
  const tables = [layout.table, layout.azure.table].filter((name) => listed.split("\n").includes(`table ip ${name}`));
  const places = [incusFiles.store, incusFiles.mounted].filter((place) => existsSync(place));
  return [
    ...labProcesses(incusFiles).map(({ pid }) => ({ what: `process ${String(pid)}`, next: `kill ${String(pid)}` })),
    // The last one first: what another is mounted in is busy.
    ...mounts.toReversed().map((point) => ({ what: `mount ${point}`, next: `umount ${point}` })),
    ...cgroups.map((path) => ({ what: `cgroup ${path}`, next: `rmdir ${path}` })),
    ...rules.map((rule) => ({ what: "a rule in DOCKER-USER", next: `iptables -D DOCKER-USER ${rule.join(" ")}` })),
    ...links.map((name) => ({ what: `bridge ${name}`, next: `ip link delete ${name}` })),
    ...tables.map((name) => ({ what: `table ${name}`, next: `nft delete table ip ${name}` })),
    ...places.map((place) => ({ what: place, next: `rm -r ${place}` })),
  ];
}
