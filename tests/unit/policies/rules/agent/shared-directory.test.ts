import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/shared-directory.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { agent, declares, program } = scene("t");
const bind = (source: string, more = {}) => ({ mounts: [{ type: "bind", source, target: "/x", ...more }] });
const own = { volumes: [{ volumeName: "v", containerPath: "/v" }] };
const dropped = (options: readonly string[], source = "/srv/drop") =>
  declares({ dropDirectories: [{ source, options }] });

test.each([
  ["a volume of its own", [agent(own)]],
  [
    "a volume that it only reads",
    [agent({ volumes: [{ volumeName: "v", containerPath: "/v", readOnly: true }] }), program("other", [], own)],
  ],
  ["a directory that it only reads", [agent(bind("/srv/work", { readOnly: true }))]],
  ["a request directory", [agent(bind("/srv/drop/")), dropped(["noexec", "nosuid"])]],
  [
    "a request directory whose options the volume shows",
    [
      {
        type: "docker:index/volume:Volume",
        name: "v",
        properties: { name: "v", driverOpts: { type: "none", device: "/srv/drop", o: "bind,noexec,nosuid" } },
      },
      agent(own),
      dropped([]),
    ],
  ],
  ["another's directory", [program("other", [], bind("/srv/work"))]],
])("accepts %s", (_, resources) => {
  expect(findings(rule, resources)).toEqual([]);
});

test.each([
  ["a directory of the host", [agent(bind("/srv/work"))]],
  ["a host path in a volume", [agent({ volumes: [{ hostPath: "/srv/work", containerPath: "/v" }] })]],
  ["a volume that another reads", [agent(own), program("other", [], own)]],
  [
    "a volume that is a directory of the host",
    [
      {
        type: "docker:index/volume:Volume",
        name: "v",
        properties: { name: "v", driverOpts: { type: "none", device: "/srv/work", o: "bind" } },
      },
      agent(own),
    ],
  ],
  ["the volumes of another container", [program("other", [], own), agent({ volumes: [{ fromContainer: "t-other" }] })]],
  ["a request directory that runs programs", [agent(bind("/srv/drop")), dropped(["nosuid"])]],
  ["a request directory with exec after noexec", [agent(bind("/srv/drop")), dropped(["noexec", "nosuid", "exec"])]],
  ["a directory above the declared one", [agent(bind("/srv")), dropped(["noexec", "nosuid"])]],
  ["cron's directory, declared", [agent(bind("/srv/cron.d")), dropped(["noexec", "nosuid"], "/srv/cron.d")]],
  [
    "what another has as its hooks",
    [
      agent(own),
      program("other", [], { volumes: [{ volumeName: "v", containerPath: "/repo/.git/hooks" }] }),
      dropped(["noexec", "nosuid"], "v"),
    ],
  ],
])("finds %s", (_, resources) => {
  expect(findings(rule, resources)).toHaveLength(1);
});
