import { parseAllDocuments } from "yaml";
import { fields, isFields, list } from "./json-values.ts";
import type { Fields } from "./json-values.ts";

import { dangerOf } from "../../containment/host-path.ts";
import { boundVolume, hostPathOf, propagating, publishedPort } from "./command-container.ts";

/** A service of a compose file, in the words of docker:index/container:Container. */
interface ComposeService {
  readonly name: string;
  readonly container: Readonly<Record<string, unknown>>;
  /** Commands that the service runs: in it, and by its hooks beside it. */
  readonly commands: readonly { readonly words: readonly string[]; readonly isShell: boolean }[];
  /** Hooks that run as root or privileged. */
  readonly hooks: readonly string[];
}

export interface ComposeFile {
  readonly services: readonly ComposeService[];
  /** In the words of docker:index/volume:Volume and docker:index/network:Network. */
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly networks: readonly Readonly<Record<string, unknown>>[];
  /** What else it asks for that no container or volume shows. */
  readonly flaws: readonly string[];
  /** Names of the files that it takes others from. */
  readonly includes: boolean;
}

const LARGEST = 262_144;
const DEFAULT = /\$\{(\w+):?[-=]((?:[^{}]|\$\{[^}]*\})*)\}/g;

/** The compose files in a YAML text. */
export function composeFilesIn(text: string, directory?: string): ComposeFile[] {
  if (!/(^|[\s{,"'])services["']?\s*:/.test(text.slice(0, LARGEST))) return [];
  return documents(text).flatMap((document) => {
    const services = Object.entries(fields(document.services)).filter(([, one]) => isFields(one));
    if (services.length === 0) return [];
    return [
      {
        services: services.map(([name, one]) => service(name, fields(one), directory)),
        volumes: Object.entries(fields(document.volumes)).map(([name, one]) => ({
          name,
          driver: fields(one).driver,
          driverOpts: fields(fields(one).driver_opts),
        })),
        networks: Object.entries(fields(document.networks)).map(([name, one]) => network(name, fields(one))),
        flaws: [
          ...services.flatMap(([name, one]) => flawsOfBuild(name, fields(fields(one).build))),
          ...filesOfHost(document),
        ],
        includes:
          document.include !== undefined || services.some(([, one]) => fields(fields(one).extends).file !== undefined),
      },
    ];
  });
}

/** Every map that a YAML text holds, with variables that are unknown at their defaults. */
export function documents(text: string): Fields[] {
  let filled = text.slice(0, LARGEST);
  // One within another.
  for (let turn = 0; turn < 3; turn += 1) filled = filled.replace(DEFAULT, "$2");
  try {
    return parseAllDocuments(filled, { merge: true, strict: false, uniqueKeys: false, logLevel: "silent" })
      .map((document) => document.toJS({ maxAliasCount: 100 }) as unknown)
      .filter(isFields);
  } catch {
    return [];
  }
}

function service(name: string, given: Fields, directory: string | undefined): ComposeService {
  const deploy = fields(given.deploy);
  const devices = list(fields(fields(fields(deploy.resources).reservations)).devices);
  const volumes = list(given.volumes);
  const container = {
    name,
    image: given.image,
    privileged: isTrue(given.privileged),
    networkMode: mode(given.network_mode),
    pidMode: mode(given.pid),
    ipcMode: mode(given.ipc),
    usernsMode: given.userns_mode,
    utsMode: given.uts,
    cgroupnsMode: given.cgroup,
    cgroupParent: given.cgroup_parent,
    capabilities: { drops: ["ALL"], adds: texts(given.cap_add) },
    securityOpts: texts(given.security_opt),
    groupAdds: texts(given.group_add),
    devices: list(given.devices).map((one) => ({ hostPath: isFields(one) ? one.source : String(one).split(":")[0] })),
    deviceCgroupRules: texts(given.device_cgroup_rules),
    gpus: given.gpus === undefined && devices.length === 0 ? undefined : JSON.stringify(given.gpus ?? devices),
    envs: pairs(given.environment).map(([key, value]) => `${key}=${value}`),
    sysctls: Object.fromEntries(pairs(given.sysctls)),
    dns: typeof given.dns === "string" ? [given.dns] : texts(given.dns),
    hosts: pairs(given.extra_hosts).map(([host, ip]) => ({ host, ip })),
    ports: list(given.ports).map(port),
    volumes: [
      ...volumes.filter((one) => !isFields(one)).flatMap((one) => boundVolume(String(one), directory)),
      ...list(given.volumes_from).map((one) => ({
        fromContainer: String(one)
          .replace(/^container:/, "")
          .split(":")[0],
      })),
      ...(isTrue(given.use_api_socket) ? [{ hostPath: "/run/docker.sock", containerPath: "/run/docker.sock" }] : []),
    ],
    mounts: [
      ...volumes.filter((one) => !isFields(one)).flatMap((one) => propagating(String(one))),
      ...volumes.filter(isFields).map((one) => mount(one, directory)),
    ],
    labels: pairs(given.labels).map(([label, value]) => ({ label, value })),
  };
  const check = fields(given.healthcheck).test;
  const hooks = [...list(given.post_start), ...list(given.pre_stop)].filter(isFields);
  return {
    name,
    container,
    commands: [given.entrypoint, given.command, check, ...hooks.map((hook) => hook.command)].flatMap(commandOf),
    hooks: hooks.flatMap((hook) => (isTrue(hook.privileged) ? ["a privileged hook"] : [])),
  };
}

/** A build's rights do not wait for its end. */
function flawsOfBuild(service: string, build: Fields): string[] {
  const entitled = texts(build.entitlements).filter((one) => /^(?:security\.insecure|network\.host|device)/.test(one));
  return [
    ...(isTrue(build.privileged) ? ["a privileged build"] : []),
    ...entitled.map((one) => `a build with ${one}`),
    ...(build.network === "host" ? ["a build on the host's network"] : []),
  ].map((flaw) => `${flaw}, of ${service}`);
}

/** Files of the host that a service gets as a secret or as a configuration. */
function filesOfHost(document: Fields): string[] {
  return ["secrets", "configs"].flatMap((kind) =>
    Object.values(fields(document[kind])).flatMap((one) => {
      const { file } = fields(one);
      const danger = typeof file === "string" && file.startsWith("/") ? dangerOf(file, { readOnly: true }) : undefined;
      return danger === undefined ? [] : [`${text(file)} among its ${kind}: ${danger.what}`];
    }),
  );
}

function commandOf(given: unknown): { words: string[]; isShell: boolean }[] {
  if (typeof given === "string") return [{ words: [given], isShell: true }];
  const words = list(given).map(String);
  if (words[0] === "CMD-SHELL") return [{ words: words.slice(1), isShell: true }];
  return words.length === 0 ? [] : [{ words: words[0] === "CMD" ? words.slice(1) : words, isShell: false }];
}

/** `service:other` is a namespace of the same file, which is no more than its own. */
function mode(given: unknown): unknown {
  return typeof given === "string" && given.startsWith("service:") ? undefined : given;
}

function port(given: unknown): unknown {
  if (!isFields(given)) return publishedPort(String(given));
  // Without a port of the host Docker chooses one, on every address too.
  return { ip: given.host_ip, external: given.published, internal: given.target };
}

function mount(given: Fields, directory: string | undefined): Fields {
  const bind = fields(given.bind);
  const source = typeof given.source === "string" ? given.source : undefined;
  return {
    type: given.type,
    source:
      source !== undefined && given.type === "bind"
        ? (hostPathOf(
            source.startsWith("/")
              ? source
              : source.startsWith(".") || source.startsWith("~") || source.startsWith("$")
                ? source
                : `./${source}`,
            directory,
          ) ?? source)
        : source,
    target: given.target,
    readOnly: given.read_only,
    bindOptions: { propagation: bind.propagation },
  };
}

function network(name: string, given: Fields): Fields {
  return {
    name,
    driver: given.driver,
    internal: given.internal,
    options: fields(given.driver_opts),
    external: given.external,
  };
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^(true|yes|1|on)$/i.test(value));
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function texts(value: unknown): string[] {
  return list(value).map(String);
}

/** A map, or a list of `name=value`. */
function pairs(value: unknown): [string, string][] {
  if (Array.isArray(value)) {
    return value.map((one): [string, string] => {
      const [, name = "", rest = ""] = /^([^=:]{0,200})[=:]?([^]*)$/.exec(String(one)) ?? [];
      return [name, rest.trimStart()];
    });
  }
  return Object.entries(fields(value)).map(([name, one]) => [name, text(one)]);
}
