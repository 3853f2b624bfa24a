import { posix } from "node:path";

import type { ContainerCommand } from "./container-commands.ts";
import { isTrue } from "./container-commands.ts";

/** What a `run` or `create` gives a container, in the words of docker:index/container:Container. */
export function containerOfCommand({
  options,
  call,
}: Pick<ContainerCommand, "options" | "call">): Readonly<Record<string, unknown>> {
  const all = (name: string): readonly string[] => options.get(name) ?? [];
  const last = (name: string): string | undefined => options.get(name)?.at(-1);
  const at = call.directory;
  return {
    privileged: isTrue(last("privileged")),
    networkMode: all("network")
      .map(networkMode)
      .find((mode) => mode !== undefined),
    pidMode: last("pid"),
    ipcMode: last("ipc"),
    usernsMode: last("userns"),
    cgroupnsMode: last("cgroupns"),
    utsMode: last("uts"),
    cgroupParent: last("cgroup-parent"),
    capabilities: { drops: ["ALL"], adds: all("cap-add").flatMap((names) => names.split(",")) },
    securityOpts: all("security-opt"),
    groupAdds: all("group-add"),
    devices: all("device").map((device) => ({ hostPath: device.split(":")[0] })),
    deviceCgroupRules: all("device-cgroup-rule"),
    gpus: last("gpus"),
    envs: all("env"),
    dns: all("dns"),
    hosts: all("add-host").map((text) => {
      const [host, ip] = split(text, text.includes("=") ? "=" : ":");
      return { host, ip };
    }),
    sysctls: Object.fromEntries(all("sysctl").map((pair) => split(pair, "="))),
    publishAllPorts: isTrue(last("publish-all")),
    ports: all("publish").map(publishedPort),
    volumes: [
      ...all("volume").flatMap((text) => boundVolume(text, at)),
      ...all("volumes-from").map((container) => ({ fromContainer: container.split(":")[0] })),
      ...(isTrue(last("use-api-socket")) ? [{ hostPath: "/run/docker.sock", containerPath: "/run/docker.sock" }] : []),
    ],
    mounts: [...all("volume").flatMap(propagating), ...all("mount").map((text) => mountOf(text, at))],
  };
}

/** `host`, `container:other`, and in Docker's longer form `name=host,alias=x`; Podman joins others by `ns:` as well. */
function networkMode(text: string): string | undefined {
  const name = /(?:^|,)name=([^,]*)/.exec(text)?.[1] ?? text;
  if (/^ns:/i.test(name)) return "host";
  return /^(host$|container:)/i.test(name) ? name : undefined;
}

/** `[address:][host port:]container port[/protocol]`; an IPv6 address is in brackets. */
export function publishedPort(text: string): Record<string, unknown> {
  const [, ip, external, internal] = /^(?:(\[[^\]]*\]|[^:]*):)?(?:([^:]*):)?([^:/]*)(?:\/\w+)?$/.exec(text) ?? [];
  // With one colon it is a port and not an address.
  return external === undefined && ip !== undefined && /^[\d-]*$/.test(ip)
    ? { external: ip, internal }
    : { ip, external, internal };
}

/** `source:target[:options]`; without a source it is a volume that nobody named. */
export function boundVolume(text: string, directory?: string): Record<string, unknown>[] {
  const [source = "", target, options = ""] = parts(text);
  if (target === undefined) return [];
  const readOnly = options.split(",").includes("ro");
  const path = hostPathOf(source, directory);
  return [{ ...(path === undefined ? { volumeName: source } : { hostPath: path }), containerPath: target, readOnly }];
}

/** At the colons that are not within `${…}`. */
function parts(text: string): string[] {
  return text.split(/:(?![^{]*\})/);
}

const HOME = /^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/;
/** A place that no rule knows, deep enough for some steps up. */
const SOMEWHERE = "/srv/somewhere/of/its/own";

/**
 * The path of the host that a mount's source names; undefined when it is the name of a volume. A relative path is one
 * below the directory that the command is run in, which the text may not say.
 */
export function hostPathOf(source: string, directory?: string): string | undefined {
  const path = source.replace(HOME, "/home/user").replace(/^\$(?:PWD\b|\{PWD\}|\(pwd\))|^`pwd`/, ".");
  if (path.startsWith("/")) return path;
  if (/^\.\.?(\/|$)/.test(path)) return posix.join(directory?.startsWith("/") === true ? directory : SOMEWHERE, path);
  if (path.startsWith("$"))
    return /[)}\w]\/?(.*)$/.test(path)
      ? posix.join(SOMEWHERE, path.replace(/^\$(?:\w+|\{[^}]*\}|\([^)]*\))/, ""))
      : undefined;
  return path.includes("/") ? posix.join(directory?.startsWith("/") === true ? directory : SOMEWHERE, path) : undefined;
}

export function propagating(text: string): Record<string, unknown>[] {
  const [source, target, options = ""] = parts(text);
  const propagation = options.split(",").find((option) => /^r?(shared|slave)$/.test(option));
  return propagation === undefined ? [] : [{ type: "volume", source, target, bindOptions: { propagation } }];
}

function mountOf(text: string, directory: string | undefined): Record<string, unknown> {
  const pairs = text.split(",").map((pair) => split(pair.replace(/^"|"$/g, ""), "="));
  const field = (...names: string[]) => pairs.find(([name]) => names.includes(name))?.[1];
  const readOnly = field("readonly", "ro");
  const type = field("type")?.toLowerCase() ?? "volume";
  const source = field("source", "src");
  const driverOptions = Object.fromEntries(
    pairs.filter(([name]) => name === "volume-opt").map(([, value]) => split(value, "=")),
  );
  return {
    type,
    source: source !== undefined && type === "bind" ? (hostPathOf(source, directory) ?? source) : source,
    target: field("target", "destination", "dst"),
    readOnly: readOnly !== undefined && !/^(false|0|f)$/i.test(readOnly),
    bindOptions: { propagation: field("bind-propagation") },
    volumeOptions: { driverName: field("volume-driver"), driverOptions },
  };
}

function split(pair: string, by: string): [string, string] {
  const at = pair.indexOf(by);
  return at < 0 ? [pair.toLowerCase(), ""] : [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)];
}
