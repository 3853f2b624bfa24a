import { fields, list } from "./json-values.ts";
import { readAnywhere, words } from "./shell/options.ts";
import type { Call, Script } from "./shell/script.ts";
import type { Started } from "./started-containers.ts";
import { type } from "./types.ts";

/** A request to a daemon's API: its path, and its body where the text shows it. */
interface Request {
  readonly path: string;
  readonly body: string | undefined;
}

const BODY = words("d data data-raw data-binary data-ascii json post-data body-data raw");
const OTHERS = words(
  "X request H header unix-socket abstract-unix-socket o output w write-out u user m max-time connect-timeout cacert cert key method O output-document",
);
const CHANGES =
  /\/(?:containers\/create|containers\/[^/]+\/(?:update|exec|archive)|services\/create|services\/[^/]+\/update|volumes\/create|networks\/create|networks\/[^/]+\/connect|plugins\/pull|build|libpod\/(?:containers|pods|volumes|networks)\/create|exec\/[^/]+\/start)(?=$|[?\s])/;

/** The requests by which a script makes or changes something without a daemon's own client. */
export function containersByRequest(call: Call, script: Script): Started[] {
  const request = requestOf(call, script);
  const values = request?.body === undefined ? undefined : parsed(request.body);
  return request === undefined || values === undefined ? [] : ofRequest(request.path, values);
}

/** Whether a command asks a daemon to make something that the text does not show. */
export function isUnseenRequest(call: Call, script: Script): boolean {
  const request = requestOf(call, script);
  return (
    request !== undefined &&
    !/\/exec\/|\/archive/.test(request.path) &&
    (request.body === undefined || parsed(request.body) === undefined)
  );
}

function requestOf(call: Call, script: Script): Request | undefined {
  const { name, argv, stdin } = call;
  if (/^(curl|wget|wget2|http|xh)$/.test(name)) {
    const { options, operands } = readAnywhere(argv, { valued: new Set([...BODY, ...OTHERS]) }, 1);
    const url = [...operands, ...(options.get("url") ?? [])].find((word) => CHANGES.test(word));
    const toDaemon = options.has("unix-socket") || operands.some((word) => /:237[56]\b|\.sock\b/.test(word));
    const given = [...BODY].flatMap((option) => options.get(option) ?? [])[0];
    const isBody = given?.includes("HostConfig") === true;
    if (url === undefined || (!toDaemon && !isBody)) return undefined;
    return { path: pathOf(url), body: bodyOf(given, call, script) };
  }
  // By hand, through a program that hands its input to the socket.
  if (!/^(socat|nc|ncat|netcat|openssl)$/.test(name)) return undefined;
  const path = /\b(?:POST|PUT)\s+(\S+)/.exec(stdin.text ?? "")?.[1];
  if (path === undefined || !CHANGES.test(path)) return undefined;
  return { path: pathOf(path), body: /\{[^]*\}/.exec(stdin.text ?? "")?.[0] };
}

function pathOf(url: string): string {
  return CHANGES.exec(url)?.[0] ?? url;
}

function bodyOf(given: string | undefined, { stdin, directory }: Call, script: Script): string | undefined {
  if (given === undefined) return undefined;
  if (!given.startsWith("@")) return given;
  const file = given.slice(1);
  if (file === "-" || file === "/dev/stdin") return stdin.text;
  const full = file.startsWith("/") || directory === undefined ? file : `${directory}/${file}`;
  return script.files.findLast(({ path }) => path === full || path === file)?.text;
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function ofRequest(path: string, body: Readonly<Record<string, unknown>>): Started[] {
  const what = `a request to ${path}`;
  if (path.includes("volumes/create"))
    return [
      {
        what,
        made: {
          type: type.volume,
          values: { name: body.Name, driver: body.Driver, driverOpts: body.DriverOpts ?? body.Options },
        },
      },
    ];
  if (path.includes("networks/create"))
    return [
      {
        what,
        made: { type: type.network, values: { driver: body.Driver, options: body.Options, internal: body.Internal } },
      },
    ];
  if (path.endsWith("/exec")) {
    const user = typeof body.User === "string" ? body.User : "";
    return [
      ...(body.Privileged === true ? [{ what, flaw: { found: "Privileged", expected: "no such field" } }] : []),
      ...(/^(root|0+)(:|$)/.test(user)
        ? [{ what, flaw: { found: `the user ${user}`, expected: "the container's own user" } }]
        : []),
    ];
  }
  if (/containers\/create|pods\/create/.test(path))
    return [{ what, made: { type: type.container, values: containerOf(body) } }];
  if (path.includes("services")) {
    const task = fields(body.TaskTemplate);
    return [
      {
        what,
        made: {
          type: type.container,
          values: containerOf({ ...fields(task.ContainerSpec), HostConfig: fields(task.ContainerSpec) }),
        },
      },
    ];
  }
  return [];
}

/** The daemon's own names, and Podman's, in the words of docker:index/container:Container. */
function containerOf(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const host = fields(body.HostConfig);
  const either = (name: string) => host[name] ?? body[name];
  const namespace = (name: string) => fields(body[name]).nsmode;
  return {
    privileged: either("Privileged") ?? body.privileged,
    networkMode: either("NetworkMode") ?? namespace("netns"),
    pidMode: either("PidMode") ?? namespace("pidns"),
    ipcMode: either("IpcMode") ?? namespace("ipcns"),
    usernsMode: either("UsernsMode") ?? namespace("userns"),
    cgroupnsMode: either("CgroupnsMode"),
    cgroupParent: either("CgroupParent"),
    capabilities: { drops: ["ALL"], adds: either("CapAdd") ?? either("CapabilityAdd") ?? body.cap_add },
    securityOpts: either("SecurityOpt"),
    groupAdds: either("GroupAdd"),
    devices: list(either("Devices")).map((device) => ({ hostPath: fields(device).PathOnHost })),
    deviceCgroupRules: either("DeviceCgroupRules"),
    envs: body.Env,
    sysctls: either("Sysctls"),
    publishAllPorts: either("PublishAllPorts"),
    ports: Object.entries(fields(host.PortBindings)).flatMap(([port, bindings]) =>
      list(bindings).map((one) => ({
        internal: port.split("/")[0],
        external: fields(one).HostPort,
        ip: fields(one).HostIp,
      })),
    ),
    volumes: [
      ...list(host.Binds).map((bind) => {
        const [source = "", target, options = ""] = String(bind).split(":");
        return {
          ...(source.startsWith("/") ? { hostPath: source } : { volumeName: source }),
          containerPath: target,
          readOnly: options.split(",").includes("ro"),
        };
      }),
      ...list(host.VolumesFrom).map((container) => ({ fromContainer: String(container).split(":")[0] })),
    ],
    mounts: list(either("Mounts") ?? body.mounts)
      .map(fields)
      .map((mount) => ({
        type: mount.Type ?? mount.type,
        source: mount.Source ?? mount.source,
        target: mount.Target ?? mount.destination,
        readOnly: mount.ReadOnly,
        bindOptions: { propagation: fields(mount.BindOptions).Propagation },
      })),
  };
}
