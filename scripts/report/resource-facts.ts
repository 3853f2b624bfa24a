import { createHash } from "node:crypto";
import { capabilityName } from "#containment/capability-names.ts";
import { containerOf } from "#policies/lib/containers.ts";
import { graphOf } from "#policies/lib/graph.ts";
import { label, labelsOf } from "#policies/lib/labels.ts";
import type { Program } from "#policies/lib/programs.ts";
import type { Resource, Stack } from "#policies/lib/resource.ts";
import { valuesBehind } from "#policies/lib/sdk.ts";
import { type } from "#policies/lib/types.ts";
import type { Part } from "./side.ts";

const DISK = "azure-native:compute:Disk";
const MACHINE = "azure-native:compute:VirtualMachine";

/**
 * Inputs that the provider changes on a container that exists: those of the official plugin's schema, 5.2.0, without
 * `willReplaceOnChanges`. Where a program says `replaceOnChanges` the container is made anew all the same.
 */
const IN_PLACE: ReadonlySet<string> = new Set(
  (
    "attach containerReadRefreshTimeoutMilliseconds cpuPeriod cpuQuota cpuSet cpuShares destroyGraceSeconds deviceReadBps " +
    "deviceReadIops deviceWriteBps deviceWriteIops healthcheck init logs maxRetryCount memory memoryReservation memorySwap " +
    "mustRun removeVolumes restart rm start tmpfs wait waitTimeout"
  ).split(" "),
);

/** Of a machine in Azure: what it cannot be given while it is there. */
const REMADE = [
  "osProfile.computerName",
  "storageProfile.imageReference",
  "storageProfile.osDisk.name",
  "vmName",
  "zones",
];
const MARK = "garrison.birth";

/** The name that people know a container by: its service's, or its own on the host. */
export function knownAs(resource: Resource): string {
  return labelsOf(resource).get(label.service) ?? resource.properties.text("name") ?? resource.name;
}

/** The volumes that each container mounts. A directory of the machine is told as a power. */
export function mountsOf(stack: Stack): Part<"mounts">[] {
  return graphOf(stack).programs.flatMap((program) =>
    program.mounts
      .filter(({ kind }) => kind === "volume")
      .map(({ source, target, readOnly }) => {
        return { of: knownAs(program.resource), at: target, store: source, writable: !readOnly };
      }),
  );
}

/** Volumes and disks. */
export function storesOf(stack: Stack, kept: (resource: Resource) => boolean): Part<"stores">[] {
  const volumes = stack.ofType(type.volume).map((one) => ({
    kind: "volume" as const,
    name: one.properties.text("name") ?? one.name,
    made: hash([one.properties.get("driver"), one.properties.get("driverOpts")]),
    kept: kept(one),
  }));
  const disks = stack.ofType(DISK).map((one) => {
    const size = one.properties.number("diskSizeGB");
    return {
      kind: "disk" as const,
      name: one.properties.text("diskName") ?? one.name,
      made: hash([one.properties.get("creationData"), one.properties.get("location"), one.properties.get("zones")]),
      ...(size !== undefined && { size }),
      kept: kept(one),
    };
  });
  return [...volumes, ...disks];
}

/** Networks; one that is made anew takes its containers with it. */
export function networksOf(stack: Stack): Part<"networks">[] {
  return stack.ofType(type.network).map((one) => ({
    name: one.properties.text("name") ?? one.name,
    made: hash(Object.entries(valuesBehind(valuesOf(one))).filter(([name]) => name !== "labels")),
  }));
}

/** Commands that a deployment runs when their inputs change: files, rules and limits of the machine. */
export function commandsOf(stack: Stack): Part<"commands">[] {
  return stack.resources
    .filter((one) => one.type.startsWith("command:"))
    .map((one) => ({ name: one.name, made: hash(valuesOf(one)) }));
}

/** Containers and machines, by what makes them anew and what does not. */
export function runsOf(
  stack: Stack,
  replaceOnChanges: (resource: Resource) => readonly string[],
  shown: (image: string) => string,
): Part<"runs">[] {
  const containers = graphOf(stack).programs.map(({ resource, networks }): Part<"runs"> => {
    const forced = new Set(replaceOnChanges(resource));
    const all = [
      ...Object.entries(valuesOf(resource)).filter(([name]) => !name.startsWith("__") && name !== "labels"),
      ...[...labelsOf(resource)].map(([name, value]) => [`label ${name}`, value] as const),
    ];
    const inPlace = (name: string): boolean => IN_PLACE.has(name) && !forced.has(name);
    const [stop, start] = [
      resource.properties.number("destroyGraceSeconds"),
      resource.properties.number("waitTimeout"),
    ];
    return {
      kind: "container",
      name: knownAs(resource),
      image: shown(resource.properties.text("image") ?? "not known"),
      replaces: hashes(all.filter(([name]) => !inPlace(name))),
      updates: hashes(all.filter(([name]) => inPlace(name))),
      networks: [...new Set(networks.map(({ name }) => name))].sort(),
      ...(stop !== undefined && { stop }),
      ...(start !== undefined && { start }),
    };
  });
  const machines = stack.ofType(MACHINE).map((resource): Part<"runs"> => {
    const remade = [...REMADE.map((path) => [path, at(resource, path)] as const), [MARK, markOf(resource)] as const];
    return {
      kind: "machine",
      name: resource.properties.text("vmName") ?? resource.name,
      image: JSON.stringify(at(resource, "storageProfile.imageReference") ?? "not known"),
      replaces: hashes(remade.filter(([, value]) => value !== undefined)),
      updates: hashes([["size", at(resource, "hardwareProfile.vmSize")]]),
      networks: [],
    };
  });
  return [...containers, ...machines];
}

function markOf(resource: Resource): unknown {
  return resource.properties.object("tags").get(MARK);
}

function at(resource: Resource, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], valuesOf(resource));
}

function valuesOf({ properties }: Resource): Record<string, unknown> {
  return Object.fromEntries(properties.names().map((name) => [name, properties.get(name)]));
}

function hashes(values: readonly (readonly [name: string, value: unknown])[]): Record<string, string> {
  return Object.fromEntries(
    values.filter(([, value]) => value !== undefined).map(([name, value]) => [name, hash(value)]),
  );
}

/** Of 64 bits: enough to tell two values apart, and it says nothing of either. */
function hash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([sorted(value)]))
    .digest("hex")
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith("__"))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}

const CONFINED = /^(seccomp|apparmor)[=:]unconfined$|^label[=:]disable$/i;

/** What each container may do to its machine. */
export function powersOf(stack: Stack): Part<"powers">[] {
  return graphOf(stack).programs.flatMap((program) => {
    const of = knownAs(program.resource);
    return [...new Set(powersIn(program))].map((power) => ({ of, power }));
  });
}

/** What is delivered below /run/garrison is told as credentials. */
function powersIn({ resource, mounts, onHost, roles }: Program): string[] {
  const container = containerOf(resource);
  const adds = container.object("capabilities").texts("adds");
  const mode = (name: string): string => (container.text(name) ?? "").trim().toLowerCase();
  const user = (container.text("user") ?? "").split(":")[0]?.trim() ?? "";
  const agent = roles.has("agent");
  return [
    ...(container.flag("privileged") === true ? ["is privileged: it has the whole machine"] : []),
    ...adds.map(({ value }) => `has the capability ${capabilityName(value) ?? value}`),
    ...(mayBeRoot(user, container.isUnknown("user")) ? ["runs as root, or as whom its image says"] : []),
    ...(container.flag("readOnly") === true ? [] : ["writes to its root file system"]),
    ...(onHost ? ["is in the machine's own network"] : []),
    ...["pidMode", "ipcMode", "usernsMode"].filter((name) => mode(name) === "host").map((name) => `has ${name} host`),
    ...mounts
      .filter(({ kind, source }) => kind === "host" && !source.startsWith("/run/garrison/"))
      .map(({ source, readOnly }) => `${readOnly ? "reads" : "writes to"} ${source} of the machine`),
    ...container.objects("devices").map((device) => `has the device ${device.text("hostPath") ?? "not known"}`),
    ...(mode("gpus") === "" ? [] : [`has the GPUs ${mode("gpus")}`]),
    ...container
      .texts("securityOpts")
      .flatMap(({ value }) => (CONFINED.test(value.trim()) ? [`runs with ${value}`] : [])),
    ...container.texts("groupAdds").map(({ value }) => `is in the group ${value}`),
    ...(agent && !["runsc", "kata"].some((own) => mode("runtime").startsWith(own))
      ? ["runs a model's code on the machine's own kernel"]
      : []),
  ];
}

function mayBeRoot(user: string, unknown: boolean): boolean {
  return !unknown && (user === "" || user === "root" || /^0+$/.test(user));
}
