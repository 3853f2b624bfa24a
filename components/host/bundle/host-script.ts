import { join } from "node:path";
import { shellCall, shellFile } from "#components/lib/shell.ts";
import { RUNTIME_PROGRAM_PATH } from "../runtime-floor/program.ts";
import { renderManifest } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { RECOVERY_UNIT } from "./program/recovery-unit.ts";

/** The program that a machine is configured by: it reads a manifest on stdin and does what its first argument says. */
export const HOST_PROGRAM =
  script("program/main.sh") + shellCall("main", script("program/judge.sh"), RECOVERY_UNIT, RUNTIME_PROGRAM_PATH);

/** Where the program lies on a machine, for its timer, the next start, and an operator at the console. */
export const PROGRAM_PATH = "/var/lib/garrison/host/program";

/**
 * Brings the program and a bundle to a machine: `plan` shows the difference and changes nothing, `apply` makes it, and
 * `remove` takes away what belongs to an estate.
 *
 * @param scope what of the machine has the journal: `host`, or a part of an estate
 */
export function hostScript(bundle: Bundle, scope = "host"): string {
  return script("deliver.sh") + shellCall("deliver", HOST_PROGRAM, renderManifest(bundle), scope);
}

function script(name: string): string {
  return shellFile(join(import.meta.dirname, name));
}
