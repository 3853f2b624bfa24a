import { staged } from "#lib/agent-examples.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import type { Mount } from "#lib/mounts.ts";
import { flagsIn } from "#lib/mounts.ts";
import { show } from "#lib/properties.ts";
import type { Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const mounted = (volumeName: string, readOnly = false) => ({
  volumes: [{ volumeName, containerPath: "/state", readOnly }],
});
const memory = (o: string) => ({ driverOpts: { type: "tmpfs", device: "tmpfs", o } });

export const rule: Rule = {
  id: "agent.volumes",
  title: "What an agent or its gateway keeps in a volume cannot be run, or has a limited size.",
  severity: "medium",
  level: "mandatory",
  references: ["OWASP ASI05", "OWASP ASI10"],
  why: "A program that an agent downloaded outlives its container there, and what it writes fills the host's disk.",
  fix: "Limit the volume by `driverOpts: { size: 10G }`, where Docker's data lies on XFS with project quotas; else waive it.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const programs = new Set([...agentsOf(stack, settings), ...graphOf(stack).withRole("gateway")]);
    const options = volumeOptions(stack);
    return [...programs].flatMap(({ resource, mounts }) =>
      mounts
        .filter((mount) => mount.kind === "volume" && !mount.readOnly && !limited(mount, options))
        .map(({ property, source }) => ({
          urn: resource.urn,
          property,
          found: `${show(source)}, which runs programs and has no limit`,
          expected: "a volume whose options say noexec or a size",
        })),
    );
  },
  examples: {
    good: [
      staged("agent-volumes-g1", "A volume mounted noexec", ({ agent, volume, name }) => [
        volume("state", memory("noexec,nosuid,nodev")),
        agent(mounted(name("state"))),
      ]),
      staged("agent-volumes-g2", "A volume of a limited size", ({ program, volume, name }) => [
        volume("state", { driverOpts: { size: "10G" } }),
        program("gateway", [], mounted(name("state"))),
      ]),
      staged("agent-volumes-g3", "A volume that the agent only reads", ({ agent, volume, name }) => [
        volume("state"),
        agent(mounted(name("state"), true)),
      ]),
      staged("agent-volumes-g4", "Somebody else's volume", ({ agent, program, volume, name }) => [
        agent(),
        volume("state"),
        program("model", [], mounted(name("state"))),
      ]),
    ],
    bad: [
      staged("agent-volumes-b1", "An agent's volume as Docker makes it", ({ agent, volume, name }) => [
        volume("state"),
        agent(mounted(name("state"))),
      ]),
      staged("agent-volumes-b2", "A gateway's volume that nobody declares", ({ program, name }) => [
        program("gateway", [], mounted(name("state"))),
      ]),
      staged("agent-volumes-b3", "Options that say the opposite", ({ agent, volume, name }) => [
        volume("state", memory("noexec,exec")),
        agent(mounted(name("state"))),
      ]),
    ],
  },
};

/** Mount options of every volume of the stack, by its name on the host. */
function volumeOptions(stack: Stack): ReadonlyMap<string, readonly string[]> {
  return new Map(
    stack.ofType(type.volume).map(({ properties }) => {
      const options = properties.object("driverOpts");
      return [properties.text("name") ?? "", [...flagsIn(options.text("o")), `size=${options.text("size") ?? ""}`]];
    }),
  );
}

function limited({ source }: Mount, volumes: ReadonlyMap<string, readonly string[]>): boolean {
  const flags = volumes.get(source) ?? [];
  const last = flags.findLast((flag) => flag === "exec" || flag === "noexec");
  return last === "noexec" || flags.some((flag) => /^size=[1-9]/.test(flag));
}
