import { tmpfs, volume } from "../container/facts.ts";
import { node } from "../container/health.ts";
import { define } from "../wiring/blueprint.ts";
import type { Facts, Service } from "../wiring/blueprint.ts";

/** What is said of a program of ours before it is written: the container holds its place, its volume and its limits. */
export function awaitedProgram(
  name: string,
  program: Pick<Facts, "purpose" | "image" | "evidence" | "declares">,
): Service {
  return define(name, {
    uses: {},
    facts: (self) => ({
      ...program,
      memory: 256,
      memoryFloor: 32,
      cpus: 0.5,
      pids: 64,
      writable: { "/tmp": tmpfs(32), "/data": volume(`${self.name}-data`) },
      health: node(8080, "/healthz"),
      listens: [8080],
      idle: "its program is not written yet: it holds its place, asks nobody and is asked by nobody",
    }),
  });
}
