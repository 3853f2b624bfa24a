import { composedFlaws } from "./composed-containers.ts";
import { containerOfCommand } from "./command-container.ts";
import type { ContainerCommand } from "./container-commands.ts";
import { containerCommandOf, isTrue } from "./container-commands.ts";
import { containersInCode } from "./container-code.ts";
import { containersByRequest } from "./container-requests.ts";
import { builderOf, ofBuild } from "./started-builds.ts";
import { isLoopbackUrl } from "./shell/fetching.ts";
import { readOptions, words } from "./shell/options.ts";
import { byOtherRuntime } from "./other-runtimes.ts";
import { podsIn } from "./pod-containers.ts";
import type { Reading } from "./scripts/reading.ts";
import type { Call } from "./shell/script.ts";
import { type } from "./types.ts";

/** What a script makes or changes: in the words of a resource, for the rules on such resources, or wrong in itself. */
export interface Started {
  /** How it reads in a message, for instance `docker run`. */
  readonly what: string;
  readonly made?: { readonly type: string; readonly values: Readonly<Record<string, unknown>> };
  readonly flaw?: { readonly found: string; readonly expected: string };
}

/** Everything that a text starts, makes or changes by way of a container daemon. */
export function containersStartedBy({ script, compose }: Reading): Started[] {
  return [
    ...script.calls.flatMap((call) => [
      ...byCommand(call).map((one) => withProfile(one, script)),
      ...byOtherRuntime(call),
      ...containersByRequest(call, script),
    ]),
    ...compose.flatMap(composedFlaws),
    ...podsIn(script),
    ...script.code.flatMap(({ text }) => containersInCode(text)),
  ];
}

/** A seccomp profile that the text writes into a file is given by its content, as the daemon gets it. */
function withProfile(started: Started, { files }: Reading["script"]): Started {
  const given = started.made?.values.securityOpts;
  if (started.made === undefined || !Array.isArray(given)) return started;
  const securityOpts = (given as unknown[]).map((option) => {
    const path = /^seccomp[=:](.*)$/i.exec(String(option))?.[1] ?? "";
    const text = files.findLast((file) => path !== "" && (file.path === path || `./${file.path}` === path))?.text;
    return text === undefined ? option : `seccomp=${text}`;
  });
  return { ...started, made: { ...started.made, values: { ...started.made.values, securityOpts } } };
}

const NO_SUCH = "no such option";

function byCommand(call: Call): Started[] {
  const command = containerCommandOf(call);
  if (command === undefined) return [];
  return [
    ...ofDaemon(command),
    ...ofVerb(command).map((one) => ({ what: `${command.program} ${command.verb}`, ...one })),
  ];
}

type Part = Omit<Started, "what">;

function ofVerb(command: ContainerCommand): Part[] {
  const { options, operands } = command;
  switch (command.verb) {
    case "run":
    case "create":
    case "pod create":
    case "service create":
    case "service update":
      return ofContainer(command);
    case "build":
    case "buildx build":
    case "builder build":
    case "bud":
    case "buildx bake":
      return ofBuild(command);
    case "buildx create":
      return [{ made: { type: type.builder, values: builderOf(options) } }];
    case "exec":
      return ofExec(options);
    case "update":
      return ofUpdate(options);
    case "cp":
      return isContainerPath(operands[1]) && !isContainerPath(operands[0])
        ? [
            {
              flaw: {
                found: `a file for ${operands[1] ?? ""}`,
                expected: "a file in the image, or an upload of the resource",
              },
            },
          ]
        : [];
    case "volume create":
      return [
        {
          made: {
            type: type.volume,
            values: { name: operands[0], driver: options.get("driver")?.at(-1), driverOpts: pairs(options.get("opt")) },
          },
        },
      ];
    case "network create":
      return [{ made: { type: type.network, values: networkOf(options) } }];
    case "network connect":
      return leadsOut(operands[0])
        ? [
            {
              flaw: {
                found: `the network ${operands[0] ?? ""} for ${operands[1] ?? ""}`,
                expected: "a network of the program's own",
              },
            },
          ]
        : [];
    case "plugin install":
      return [
        {
          made: {
            type: type.plugin,
            values: {
              name: operands[0],
              pluginName: operands[0],
              grantAllPermissions: isTrue(options.get("grant-all-permissions")?.at(-1)),
            },
          },
        },
      ];
    case "compose":
      return ofCompose(command);
    default:
      return [];
  }
}

function ofContainer(command: ContainerCommand): Part[] {
  const options = new Map(command.options);
  // An update of a service adds to what there is.
  for (const [name, values] of command.options)
    if (name.endsWith("-add")) options.set(name.replace("-add", "").replace(/^cap$/, "cap-add"), values);
  return [
    { made: { type: type.container, values: containerOfCommand({ ...command, options }) } },
    ...(options.get("uts")?.some((mode) => mode.toLowerCase() === "host") === true
      ? [{ flaw: { found: 'utsMode of "host"', expected: "private, or not set" } }]
      : []),
    ...(options.get("rootfs-propagation")?.some((mode) => /shared|slave/.test(mode)) === true
      ? [{ flaw: { found: "--rootfs-propagation", expected: NO_SUCH } }]
      : []),
    ...(isTrue(options.get("env-host")?.at(-1)) ? [{ flaw: { found: "--env-host", expected: NO_SUCH } }] : []),
  ];
}

function ofExec(options: ContainerCommand["options"]): Part[] {
  const user = options.get("user")?.at(-1);
  return [
    ...(isTrue(options.get("privileged")?.at(-1)) ? [{ flaw: { found: "--privileged", expected: NO_SUCH } }] : []),
    ...(user !== undefined && /^(root|\+?0+)(:|$)/.test(user)
      ? [{ flaw: { found: `the user ${user}`, expected: "the container's own user" } }]
      : []),
  ];
}

/** Of memory and swap -1 is no limit; of processes also 0. */
function ofUpdate(options: ContainerCommand["options"]): Part[] {
  return (
    [
      ["pids-limit", /^(-1|0)$/],
      ["memory-swap", /^-1$/],
      ["memory", /^(-1|0)$/],
    ] as const
  ).flatMap(([name, none]) => {
    const value = options.get(name)?.at(-1);
    return value !== undefined && none.test(value)
      ? [{ flaw: { found: `--${name} ${value}`, expected: "a limit" } }]
      : [];
  });
}

/** `docker compose run` and `exec` take some options of `docker run` and `exec`. */
function ofCompose(command: ContainerCommand): Part[] {
  const at = command.call.argv.length - command.operands.length;
  const verb = command.operands[0] ?? "";
  if (!/^(run|exec|create)$/.test(verb)) return [];
  const valued = words(
    "volume v publish p user u env e name workdir w entrypoint cap-add cap-drop label l index pull env-from-file",
  );
  const names = new Map(Object.entries({ v: "volume", p: "publish", u: "user", e: "env", T: "no-tty", d: "detach" }));
  const { options } = readOptions(command.call.argv, { valued, names }, at + 1);
  if (verb === "exec") return ofExec(options);
  const values = { ...containerOfCommand({ ...command, options }), privileged: undefined };
  return [{ made: { type: type.container, values } }];
}

function networkOf(options: ContainerCommand["options"]) {
  return {
    driver: options.get("driver")?.at(-1),
    internal: isTrue(options.get("internal")?.at(-1)),
    options: pairs(options.get("opt")),
    ipv6: isTrue(options.get("ipv6")?.at(-1)),
  };
}

/** Where the daemon is that a command talks to. */
function ofDaemon({ global, options, verb, call }: ContainerCommand): Started[] {
  const environment = (name: string) => call.environment.get(name);
  const created =
    verb === "context create" || verb === "context update"
      ? (options.get("docker") ?? []).map((text) => /(?:^|,)host=([^,]*)/.exec(text)?.[1])
      : [];
  const hosts = [
    ...(global.get("H") ?? []),
    ...(global.get("host") ?? []),
    ...(global.get("url") ?? []),
    environment("DOCKER_HOST"),
    environment("CONTAINER_HOST"),
    ...created,
  ];
  const isChecked =
    ["tlsverify", "tlscert", "tlskey"].some((name) => global.has(name)) ||
    (environment("DOCKER_TLS_VERIFY") ?? "") !== "" ||
    (environment("DOCKER_CERT_PATH") ?? "") !== "" ||
    /cert=|ca=/.test(options.get("docker")?.join() ?? "");
  return hosts
    .filter((host): host is string => host !== undefined && !isLoopbackUrl(host))
    .map((host) => ({
      what: "docker",
      made: { type: type.dockerProvider, values: { host, ...(isChecked && { certPath: "given" }) } },
    }));
}

function isContainerPath(text: string | undefined): boolean {
  return text !== undefined && /^[^/.:][^/:]*:/.test(text);
}

/** The networks that a daemon makes by itself lead out, and everything else is on them too. */
function leadsOut(network: string | undefined): boolean {
  return network !== undefined && /^(bridge|host|podman|default|docker_gwbridge|ingress)$/i.test(network);
}

function pairs(options: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    options.map((option) => [option.split("=", 1)[0] ?? "", option.slice(option.indexOf("=") + 1)]),
  );
}
