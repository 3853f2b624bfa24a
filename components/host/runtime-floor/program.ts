import { join } from "node:path";
import { shellCall, shellFile } from "#components/lib/shell.ts";
import { entry } from "../bundle/bundle.ts";
import type { BundleEntry } from "../bundle/bundle.ts";
import type { HostUnit } from "../bundle/host-spec.ts";
import { FLOORS } from "./floors.ts";
import type { Floor } from "./floors.ts";

/** Where the program lies on a machine. */
export const RUNTIME_PROGRAM_PATH = "/usr/local/sbin/garrison-runtime";

/** The program that judges what runs the containers of a machine. Changes nothing; needs no root, but for `record`. */
export function runtimeProgram(floors: readonly Floor[] = FLOORS): string {
  const lines = floors.map(({ program, fixed, packages, backports, cves, why, otherwise }) =>
    [program, ...[fixed, packages, backports, cves].map((words) => words.join(" ")), why, otherwise].join("|"),
  );
  const judge = shellFile(join(import.meta.dirname, "judge.sh"));
  return `#!/bin/sh\n# Made by Garrison; a change by hand does not stay.\n${judge}${shellCall("main", lines.join("\n"))}`;
}

/** What of a machine's bundle keeps the program there and has it look once a day. */
export const RUNTIME_UNITS: readonly HostUnit[] = [
  {
    name: "garrison-runtime.service",
    unit: { Description: "Looks for holes in what runs the containers, and for security updates of it that wait" },
    service: {
      Type: "oneshot",
      ExecStart: `${RUNTIME_PROGRAM_PATH} record`,
      ReadWritePaths: "/var/lib/garrison/host",
    },
  },
  {
    name: "garrison-runtime.timer",
    unit: { Description: "Looks once a day for holes in what runs the containers" },
    // After apt's own daily timers, which bring the lists.
    timer: { OnCalendar: "*-*-* 08:00", Persistent: "yes", RandomizedDelaySec: "30min" },
    install: { WantedBy: "timers.target" },
  },
];

export function runtimeEntries(): BundleEntry[] {
  return [entry(RUNTIME_PROGRAM_PATH, runtimeProgram(), { mode: "755", check: "sh" })];
}
