import { containerOf, isService as isSwarmService } from "#lib/containers.ts";
import { container, internalNetwork, labels, withContainer } from "#lib/examples.ts";
import { label, labelsOf } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import type { Settings } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

// Shares are no limit: they only weigh containers against each other.
const CPU_FIELDS = ["cpus", "cpuQuota", "cpuSet"] as const;

const service = labels({ "garrison.service": "example" });

export const rule: Rule = {
  id: "container.limits",
  title: "Every container has limits on memory, swap, CPU and processes.",
  severity: "medium",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.11", "CIS Docker 1.6.0, 5.12", "CIS Docker 1.6.0, 5.29", "OWASP ASI08"],
  why: "One container without a limit starves all others and the host itself.",
  fix: "Set `memory`, the same number as `memorySwap`, and `cpus`; list the container in a component that sets its process limit.",
  waivable: "by-label",
  types: [type.container, type.service],
  check: (resource, { settings }) => {
    const container = containerOf(resource);
    // A task of a swarm has no words for swap.
    const ofSwap = isSwarmService(resource) ? [] : swap(container);
    return [...memory(container, settings), ...ofSwap, ...cpu(container)];
  },
  checkStack: processes,
  examples: {
    good: [
      withContainer("Memory, as much memory and swap, CPU", {}),
      withContainer("A CPU quota", { cpus: undefined, cpuQuota: 50_000, cpuPeriod: 100_000 }),
      withContainer("Cores of its own", { cpus: undefined, cpuSet: "0" }),
      {
        title: "A process limit for a service",
        resources: [
          internalNetwork,
          container({ labels: service }),
          { type: type.pidLimits, name: "pids", properties: { limits: { example: 64 } } },
        ],
      },
    ],
    bad: [
      withContainer("No limit at all", { memory: undefined, memorySwap: undefined, cpus: undefined }),
      withContainer("Swap on top: Docker allows twice the memory", { memorySwap: undefined }),
      withContainer("Swap without end", { memorySwap: -1 }),
      withContainer("More swap than memory", { memorySwap: 512 }),
      withContainer("Memory of zero means no limit", { memory: 0 }),
      { ...withContainer("More than the configuration allows", {}), settings: { memoryCeiling: 64 } },
      {
        title: "A service of a swarm",
        resources: [
          { type: type.service, name: "swarm", properties: { name: "swarm", taskSpec: { containerSpec: {} } } },
        ],
      },
      withContainer("CPU shares are a weight", { cpus: undefined, cpuShares: 512 }),
      { title: "A service without a process limit", resources: [container({ labels: service })] },
      {
        title: "A process limit of zero",
        resources: [
          container({ labels: service }),
          { type: type.pidLimits, name: "pids", properties: { limits: { example: 0 } } },
        ],
      },
    ],
  },
};

function memory(container: Properties, { memoryCeiling = Number.POSITIVE_INFINITY }: Settings): Finding[] {
  const limit = container.number("memory") ?? 0;
  if (limit > 0 && limit <= memoryCeiling) return [];
  const expected = Number.isFinite(memoryCeiling)
    ? `a limit of at most ${String(memoryCeiling)} MiB`
    : "a limit in MiB";
  return [{ property: container.path("memory"), found: show(container.get("memory")), expected }];
}

function swap(container: Properties): Finding[] {
  const limit = container.number("memory") ?? 0;
  if (limit <= 0 || container.number("memorySwap") === limit) return [];
  const found = show(container.get("memorySwap"));
  return [{ property: "memorySwap", found, expected: `${String(limit)}, the same as memory` }];
}

function cpu(container: Properties): Finding[] {
  if (CPU_FIELDS.some((field) => container.isUnknown(field))) return [];
  const cpus = container.number("cpus") ?? 0;
  const quota = container.number("cpuQuota") ?? 0;
  if (cpus > 0 || quota > 0 || (container.text("cpuSet") ?? "") !== "") return [];
  const property = container.path("cpus");
  return [{ property, found: show(container.get("cpus")), expected: "a limit in `cpus`, or processors in `cpuSet`" }];
}

/** The Docker provider has no field for a process limit, so services must be listed in a component that sets it. */
function processes({ resources }: Stack): Finding[] {
  const components = resources.filter((resource) => resource.type === type.pidLimits);
  const limits = new Map(
    components.flatMap(({ properties }) =>
      properties
        .object("limits")
        .entries()
        .map(({ name, value }) => [name, Number(value)] as const),
    ),
  );
  if (components.some(({ properties }) => properties.isUnknown("limits"))) return [];
  return resources.filter(isService).flatMap((resource) => {
    const name = resource.properties.text("name") ?? "";
    const limit = limits.get(name);
    if (limit !== undefined && Number.isInteger(limit) && limit > 0) return [];
    const found =
      limit === undefined ? `${show(name)}, which no process limit covers` : `given ${String(limit)} processes`;
    return [{ urn: resource.urn, property: "name", found, expected: `an entry in the limits of a ${type.pidLimits}` }];
  });
}

function isService(resource: Resource): boolean {
  return resource.type === type.container && labelsOf(resource).has(label.service);
}
