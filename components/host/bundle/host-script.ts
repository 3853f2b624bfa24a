import { shellQuote } from "../shell.ts";
import { renderManifest } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { COMMON } from "./program/common.ts";
import { COMPARE } from "./program/compare.ts";
import { MAIN } from "./program/main.ts";
import { JUDGE, STAGE } from "./program/stage.ts";
import { SWAP } from "./program/swap.ts";
import { UNDO } from "./program/undo.ts";

/** The program that a machine is configured by: it reads a manifest on stdin and does what its first argument says. */
export const HOST_PROGRAM = [COMMON, COMPARE, JUDGE, STAGE, SWAP, UNDO, MAIN].join("");

/** Where the program lies on a machine, for its timer, the next start, and an operator at the console. */
export const PROGRAM_PATH = "/var/lib/garrison/host/program";

/**
 * Brings the program and a bundle to a machine: `plan` shows the difference and changes nothing, `apply` makes it.
 * Nothing is done before the last line has come in. The contents are arguments of the shell's own printf only, so no
 * other process of the machine sees them.
 */
export function hostScript(bundle: Bundle): string {
  return `set -eu
umask 077
mode=$1
deliver() {
  if [ "$mode" = apply ] && [ "$(id -u)" = 0 ] && ! printf '%s' "$program" | cmp -s - ${PROGRAM_PATH}; then
    mkdir -p -m 0700 /var/lib/garrison/host
    printf '%s' "$program" >${PROGRAM_PATH}.new
    mv -f ${PROGRAM_PATH}.new ${PROGRAM_PATH}
  fi
  printf '%s' "$manifest" | sh -c "$program" garrison-host "$mode"
}
program=${shellQuote(HOST_PROGRAM)}
manifest=${shellQuote(renderManifest(bundle))}
deliver "$@"
`;
}
