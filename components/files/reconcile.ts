import { join } from "node:path";
import type { Problem } from "../lib/problems.ts";
import { shellCall, shellFile } from "../lib/shell.ts";
import { referencesIn } from "../secrets/reference.ts";
import type { ServiceFiles } from "./plan-files.ts";
import type { Reconcile } from "./service-files.ts";

/** What one service of a machine is told. */
export interface PlannedReconcile extends Reconcile {
  readonly service: string;
  /** Name of its container on the host. */
  readonly container: string;
  /** The text as if it were a file of the service: which secrets there are in it, and with whom they are shared. */
  readonly asFile: ServiceFiles;
}

/** What would be told to nobody, or to everybody. */
export function reconcileProblems(planned: readonly PlannedReconcile[]): Problem[] {
  return planned.flatMap(({ service, command }): Problem[] => {
    const property = `services.${service}.reconcile.command`;
    if (command.length === 0)
      return [{ property, found: "no program", expected: "one that reads what it is told on stdin" }];
    if (!command.some((word) => referencesIn(word).length > 0)) return [];
    return [{ property, found: "a secret", expected: "no secret: everybody on the machine sees a command" }];
  });
}

/** Hands a text to a program in a container. Holds the secrets: it is handed over on stdin only. */
export function reconcileScript(container: string, command: readonly string[], input: string): string {
  const script = shellFile(join(import.meta.dirname, "reconcile.sh"));
  return script + shellCall("reconcile", container, Buffer.from(input).toString("base64"), ...command);
}
