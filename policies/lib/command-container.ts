import type { ContainerCommand } from "./container-commands.ts";

/** What a `run` or `create` gives a container, in the words of docker:index/container:Container. */
export function containerOfCommand({ options }: ContainerCommand): Readonly<Record<string, unknown>> {
  const all = (name: string): readonly string[] => options.get(name) ?? [];
  const last = (name: string): string | undefined => options.get(name)?.at(-1);
  return {
    privileged: last("privileged"),
    networkMode: all("network").find((mode) => /^(host$|container:)/i.test(mode)),
    pidMode: last("pid"),
    ipcMode: last("ipc"),
    usernsMode: last("userns"),
    cgroupnsMode: last("cgroupns"),
    capabilities: { drops: ["ALL"], adds: all("cap-add").flatMap((names) => names.split(",")) },
    securityOpts: all("security-opt"),
    groupAdds: all("group-add"),
    devices: all("device").map((device) => ({ hostPath: device.split(":")[0] })),
    deviceCgroupRules: all("device-cgroup-rule"),
    gpus: last("gpus"),
    envs: all("env"),
    sysctls: Object.fromEntries(all("sysctl").map((pair) => split(pair, "="))),
    publishAllPorts: last("publish-all"),
    ports: all("publish").map(published),
    volumes: [
      ...all("volume").flatMap(volume),
      ...all("volumes-from").map((container) => ({ fromContainer: container.split(":")[0] })),
    ],
    mounts: [...all("volume").flatMap(propagating), ...all("mount").map(mount)],
  };
}

/** `[address:][host port:]container port[/protocol]`; an IPv6 address is in brackets. */
function published(text: string): Record<string, unknown> {
  const [, ip, external, internal] = /^(?:(\[[^\]]*\]|[^:]*):)?(?:([^:]*):)?([^:/]*)(?:\/\w+)?$/.exec(text) ?? [];
  // With one colon it is a port and not an address.
  return external === undefined && ip !== undefined && /^\d*$/.test(ip)
    ? { external: ip, internal }
    : { ip, external, internal };
}

/** `source:target[:options]`; without a source it is a volume that nobody named. */
function volume(text: string): Record<string, unknown>[] {
  const [source = "", target, options = ""] = text.split(":");
  if (target === undefined) return [];
  const readOnly = options.split(",").includes("ro");
  return [
    { ...(/^[/.~$]/.test(source) ? { hostPath: source } : { volumeName: source }), containerPath: target, readOnly },
  ];
}

function propagating(text: string): Record<string, unknown>[] {
  const [source, target, options = ""] = text.split(":");
  const propagation = options.split(",").find((option) => /^r?(shared|slave)$/.test(option));
  return propagation === undefined ? [] : [{ type: "volume", source, target, bindOptions: { propagation } }];
}

function mount(text: string): Record<string, unknown> {
  const fields = new Map(text.split(",").map((pair) => split(pair, "=")));
  const field = (...names: string[]) => names.map((name) => fields.get(name)).find((value) => value !== undefined);
  const readOnly = field("readonly", "ro");
  return {
    type: field("type") ?? "volume",
    source: field("source", "src"),
    target: field("target", "destination", "dst"),
    readOnly: readOnly !== undefined && readOnly !== "false",
    bindOptions: { propagation: field("bind-propagation") },
  };
}

function split(pair: string, by: string): [string, string] {
  const at = pair.indexOf(by);
  return at < 0 ? [pair.toLowerCase(), ""] : [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)];
}
