import { Properties } from "./properties.ts";
import type { Resource } from "./resource.ts";
import type { Context, Finding, Rule } from "./rule.ts";
import { type } from "./types.ts";

/** Types of the resources that describe a container. */
const TYPES = [type.container, type.service] as const;

const SPEC = "taskSpec.containerSpec";

/**
 * The containers of a resource, each in the words of docker:index/container:Container, with the paths of the resource's
 * own properties. What the resource cannot say is absent.
 */
export function containerOf(resource: Resource): Properties {
  return resource.type === type.service ? serviceContainer(resource) : resource.properties;
}

/** `types` and `check` of a rule that judges containers and services alike. */
export function onContainers(
  judge: (container: Properties, resource: Resource, context: Context) => readonly Finding[],
): Required<Pick<Rule, "types" | "check">> {
  return { types: TYPES, check: (resource, context) => judge(containerOf(resource), resource, context) };
}

/** Whether the resource is a service of a swarm, which has no words for some properties. */
export function isService(resource: Resource): boolean {
  return resource.type === type.service;
}

/** A service's task as a container: its ports are published on every address of every node. */
function serviceContainer({ properties, unknowns }: Resource): Properties {
  const task = properties.object("taskSpec");
  const spec = task.object("containerSpec");
  const limits = task.object("resources").object("limits");
  const [memoryBytes, nanoCpus] = [limits.number("memoryBytes"), limits.number("nanoCpus")];
  const environment = spec.object("env").entries();
  const seLinux = seLinuxOptions(spec.object("privileges").object("seLinuxContext"));
  const values = {
    image: spec.get("image"),
    user: spec.get("user"),
    readOnly: spec.get("readOnly"),
    mounts: spec.get("mounts"),
    groupAdds: spec.get("groups"),
    healthcheck: spec.get("healthcheck"),
    command: spec.get("args"),
    entrypoints: spec.get("commands"),
    envs: environment.map(({ name, value }) => `${name}=${value}`),
    sysctls: spec.get("sysctl"),
    labels: properties.get("labels"),
    capabilities: { drops: spec.get("capDrops"), adds: spec.get("capAdds") },
    networksAdvanced: task.get("networksAdvanceds"),
    logDriver: task.object("logDriver").get("name"),
    memory: memoryBytes === undefined ? undefined : memoryBytes / 1024 ** 2,
    cpus: nanoCpus === undefined ? undefined : String(nanoCpus / 1e9),
    logOpts: task.object("logDriver").get("options"),
    dns: spec.object("dnsConfig").get("nameservers"),
    hosts: spec.get("hosts"),
    securityOpts: seLinux.map(({ option }) => option),
    ports: properties
      .object("endpointSpec")
      .objects("ports")
      .map((port) => ({ internal: port.get("targetPort"), external: port.get("publishedPort") })),
  };
  const named = [
    ...environment.map(({ path }, index) => [`envs.${String(index)}`, path] as const),
    ...seLinux.map(({ path }, index) => [`securityOpts.${String(index)}`, path] as const),
  ];
  return new Properties(values, unknowns, "", new Map([...PATHS, ...named]));
}

/** A task's SELinux context in the words of `--security-opt`. */
function seLinuxOptions(context: Properties): { option: string; path: string }[] {
  const disabled = context.flag("disable") === true ? [{ option: "label=disable", path: context.path("disable") }] : [];
  const given = ["user", "role", "type", "level"].flatMap((name) => {
    const value = context.text(name) ?? "";
    return value === "" ? [] : [{ option: `label=${name}:${value}`, path: context.path(name) }];
  });
  return [...disabled, ...given];
}

const PATHS: ReadonlyMap<string, string> = new Map([
  ...["image", "user", "readOnly", "mounts", "healthcheck"].map((name) => [name, `${SPEC}.${name}`] as const),
  ["groupAdds", `${SPEC}.groups`],
  ["command", `${SPEC}.args`],
  ["entrypoints", `${SPEC}.commands`],
  ["sysctls", `${SPEC}.sysctl`],
  ["capabilities.drops", `${SPEC}.capDrops`],
  ["capabilities.adds", `${SPEC}.capAdds`],
  ["networksAdvanced", "taskSpec.networksAdvanceds"],
  ["logDriver", "taskSpec.logDriver.name"],
  ["memory", "taskSpec.resources.limits.memoryBytes"],
  ["cpus", "taskSpec.resources.limits.nanoCpus"],
  ["logOpts", "taskSpec.logDriver.options"],
  ["dns", `${SPEC}.dnsConfig.nameservers`],
  ["hosts", `${SPEC}.hosts`],
  ["ports", "endpointSpec.ports"],
]);
