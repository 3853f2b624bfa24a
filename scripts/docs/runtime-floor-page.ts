import { FLOORS } from "#components/host/runtime-floor/floors.ts";
import { RUNTIME_PROGRAM_PATH } from "#components/host/runtime-floor/program.ts";
import { table } from "./markdown.ts";

/** The oldest versions that may run an agent's container, and how a machine is judged by them. */
export function runtimeFloorPage(): string {
  return `# The runtime's floor

Generated from \`components/host/runtime-floor/floors.ts\`; change it there.

A container is as good as the kernel and the programs below it. These are the oldest versions without a known way out of a
container, or into the machine, and of gVisor the oldest whose \`docker exec\` is under the profile. A version has the fix when it is not older than the one named for its release line, when it
is newer than all lines, when it is one of the distribution's own that carry the fix under an older number, or when the
changelog of its package names every CVE. Anything else is "not known to have the fix".

${table(
  ["Program", "Fixed in", "Fixed by the distribution in", "Because", "Read in"],
  FLOORS.map(({ program, fixed, backports, cves, why, source }) => [
    program,
    fixed.join(", "),
    backports.map((version) => `\`${version}\``).join(", ") || "-",
    [...(cves.length === 0 ? [] : [cves.join(", ")]), why].join(": "),
    source,
  ]),
)}

Who judges: \`npm run doctor\` and \`npm run status\` on this machine; \`${RUNTIME_PROGRAM_PATH}\` on every machine that a
host bundle configures, once at each apply and once a day. It says nothing that stops an apply: an apply may be what brings
the fix. What a package source of the machine offers is an error of \`doctor\` with the command to type. What the
distribution never mended is told with what would help: Debian 12 has no fix for runc, and none for Incus in its backports; its gVisor is older than the floor, so a lab always says so.

Docker, containerd and runc are kept out of unattended upgrades, because a restart of the daemon is for somebody to watch.
Their security updates are listed the same way: which, since when, and the command. The containers keep running meanwhile
(\`live-restore\`).
`;
}
