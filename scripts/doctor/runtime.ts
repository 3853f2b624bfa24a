import { holesOf } from "../status/runtime-report.ts";
import type { RuntimeReport } from "../status/runtime-report.ts";
import { note, ok, wrong } from "./finding.ts";
import type { Finding } from "./finding.ts";

/**
 * What runs the containers, against the oldest versions without a known way out of one. What has a fix that this machine
 * can install is wrong; what its distribution never mended is told, because no command here puts it right.
 */
export function checkRuntime(report: RuntimeReport | undefined): Finding[] {
  if (report === undefined) return [note("runtime", "without dpkg, nothing can be said about kernel and Docker")];
  const judged = report.programs.filter(({ verdict }) => verdict !== "absent");
  const below = judged.filter(({ verdict }) => verdict === "below");
  const good = judged
    .filter(({ verdict }) => verdict === "good")
    .map(({ program, version }) => `${program} ${version}`);
  return [
    ...(good.length === 0 ? [] : [ok("runtime", good.join(", "))]),
    ...below.map(({ program, version, cves, why, next }) => {
      const found = `${version} is not known to have the fix of ${holesOf(cves)}: ${why}`;
      // A command for here; elsewhere it says what a person has to decide.
      if (next.startsWith("apt-get ")) return wrong(program, found, next);
      return note(program, `${found}. This machine's package sources have no fix; what helps: ${next}`);
    }),
    ...report.updates.map(({ update, installed, offered, since, next }) =>
      wrong(`update of ${update}`, `waits since ${since}: ${installed} -> ${offered}`, next),
    ),
  ];
}
