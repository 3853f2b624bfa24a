import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { runtimeGives } from "../../../containment/profiles.ts";

export const rule: Rule = {
  id: "container.devices",
  title: "No container gets a device of the host.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.18", "OWASP ASI05"],
  why: "A device is a way past the file system and the network rules, into disks, memory and drivers.",
  fix: "Remove the device; where the program is about it, as with a GPU, record a waiver that says so.",
  waivable: "by-label",
  ...onContainers((container) => [
    ...container.objects("devices").map((device) => ({
      property: device.path("hostPath"),
      found: show(device.text("hostPath")),
      expected: "no device",
    })),
    ...container.texts("deviceCgroupRules").map(({ path, value }) => ({
      property: path,
      found: show(value),
      expected: "no rule for devices",
    })),
    ...container.objects("deviceRequests").map((request) => ({
      property: request.path("driver"),
      found: `a request for devices of ${show(request.text("driver") ?? "any driver")}`,
      expected: "no request",
    })),
    ...((container.text("gpus") ?? "") === ""
      ? []
      : [{ property: "gpus", found: show(container.text("gpus")), expected: "no GPU" }]),
    ...runtime(container),
  ]),
  examples: {
    good: [
      withContainer("No device", { devices: [], deviceRequests: [] }),
      withContainer("A runtime that gives none", { runtime: "crun" }),
    ],
    bad: [
      withContainer("A disk", { devices: [{ hostPath: "/dev/sda", permissions: "r" }] }),
      withContainer("A rule for every device", { deviceCgroupRules: ["c *:* rwm"] }),
      withContainer("Every GPU", { gpus: "all" }),
      withContainer("Every GPU, by the runtime", { runtime: "nvidia" }),
      withContainer("Any program of the host as the runtime", { runtime: "/usr/local/sbin/runtime" }),
      withContainer("A GPU by request", { deviceRequests: [{ driver: "nvidia", count: 1, capabilities: ["gpu"] }] }),
    ],
  },
};

function runtime(container: Properties): Finding[] {
  const found = container.text("runtime") ?? "";
  const given = runtimeGives(found);
  if (given === undefined) return [];
  return [
    { property: container.path("runtime"), found: `${show(found)}: ${given}`, expected: "a runtime without devices" },
  ];
}
