import { staged } from "#lib/agent-examples.ts";
import { declarationsOf } from "#lib/declarations.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import { normal } from "#lib/mounts.ts";
import type { Mount } from "#lib/mounts.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { isPath } from "../../../containment/host-path.ts";

/** Whoever can write there decides what somebody else runs, or reads as an instruction. */
const TRUSTED =
  /^(\.git|\.claude|\.config|\.ssh|\.vscode|\.idea|\.husky|\.github|\.mcp\.json|hooks|config|conf|cron(\..+)?|crontabs|systemd|bin|sbin|etc)$/i;

const shared = (name: (short: string) => string, readOnly = false) => ({
  volumes: [{ volumeName: name("work"), containerPath: "/work", readOnly }],
});
const drop = { mounts: [{ type: "bind", source: "/srv/requests", target: "/requests" }] };

export const rule: Rule = {
  id: "agent.shared-directory",
  title: "An agent writes to nothing that others read, but for a directory made for its requests.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI05", "OWASP ASI07"],
  why: "What an agent leaves in a shared directory, somebody else runs, follows as a link, or takes for configuration.",
  fix: "Mount it read-only, or declare it in `dropDirectories` and mount it noexec and nosuid on the host.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const graph = graphOf(stack);
    return agentsOf(stack, settings).flatMap((agent) =>
      agent.mounts.flatMap((mount) => {
        const sharers = graph.sharers(agent, mount);
        if (mount.readOnly || (mount.kind === "volume" && sharers.length === 0)) return [];
        const flaw = flawOf(mount, sharers, stack);
        if (flaw === undefined) return [];
        const expected = "read-only, or a declared request directory that is mounted noexec and nosuid";
        return [
          { urn: agent.resource.urn, property: mount.property, found: `${show(mount.source)}, ${flaw}`, expected },
        ];
      }),
    );
  },
  examples: {
    good: [
      staged("agent-shared-directory-g1", "A volume of its own", ({ agent, volume, name }) => [
        volume("work", { driverOpts: { size: "1G" } }),
        agent(shared(name)),
      ]),
      staged("agent-shared-directory-g2", "What another writes, read-only", ({ agent, program, name }) => [
        agent(shared(name, true)),
        program("other", [], shared(name)),
      ]),
      staged("agent-shared-directory-g3", "A directory for requests", ({ agent, declares }) => [
        agent(drop),
        declares({ dropDirectories: [{ source: "/srv/requests", options: ["noexec", "nosuid", "nodev"] }] }),
      ]),
    ],
    bad: [
      staged("agent-shared-directory-b1", "A directory of the host", ({ agent }) => [
        agent({ mounts: [{ type: "bind", source: "/srv/work", target: "/work" }] }),
      ]),
      staged("agent-shared-directory-b2", "A volume that another container reads", ({ agent, program, name }) => [
        agent(shared(name)),
        program("other", [], shared(name, true)),
      ]),
      staged("agent-shared-directory-b3", "A request directory that runs programs", ({ agent, declares }) => [
        agent({ mounts: [{ type: "bind", source: "/srv/loose", target: "/requests" }] }),
        declares({ dropDirectories: [{ source: "/srv/loose", options: ["nosuid"] }] }),
      ]),
      staged("agent-shared-directory-b4", "Hooks, declared as a request directory", ({ agent, declares }) => [
        agent({ mounts: [{ type: "bind", source: "/srv/site/.git/hooks", target: "/requests" }] }),
        declares({ dropDirectories: [{ source: "/srv/site/.git/hooks", options: ["noexec", "nosuid"] }] }),
      ]),
    ],
  },
};

function flawOf(mount: Mount, sharers: readonly Program[], stack: Stack): string | undefined {
  const trusted = trustedPath(mount, sharers);
  if (trusted !== undefined) return `which is ${show(trusted)}, and an agent can write to it`;
  const declared = declarationsOf(stack)
    .listed("dropDirectories")
    .filter(({ properties }) => sourceOf(properties.text("source") ?? "") === mount.source);
  if (declared.length === 0) {
    const who = sharers.map(({ name }) => show(name)).join(", ");
    return `which an agent writes to and ${who === "" ? "the host" : who} shares`;
  }
  const options = [
    ...mount.options,
    ...declared.flatMap(({ properties }) => properties.texts("options").map(({ value }) => value.trim().toLowerCase())),
  ];
  const missing = ["noexec", "nosuid"].filter(
    (option) => !options.includes(option) || options.includes(option.slice(2)),
  );
  return missing.length === 0 ? undefined : `a request directory without ${missing.join(" and ")}`;
}

/** The part of a path, here or where another container has it, that makes writing there a way to give orders. */
function trustedPath(mount: Mount, sharers: readonly Program[]): string | undefined {
  const elsewhere = sharers.flatMap(({ mounts }) => mounts.filter(({ source }) => source === mount.source));
  const paths = [...(mount.kind === "host" ? [mount.source] : []), ...elsewhere.map(({ target }) => target)];
  return paths.find((path) => path.split("/").some((segment) => TRUSTED.test(segment)));
}

function sourceOf(text: string): string {
  return isPath(text) ? normal(text) : text;
}
