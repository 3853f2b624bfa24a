import { containerOfCommand } from "../../lib/command-container.ts";
import { commandTexts, commandType, RUNNING } from "../../lib/command-texts.ts";
import { containerCommandsIn } from "../../lib/container-commands.ts";
import type { ContainerCommand } from "../../lib/container-commands.ts";
import { Properties } from "../../lib/properties.ts";
import type { Resource } from "../../lib/resource.ts";
import type { Context, Example, Finding, Rule } from "../../lib/rule.ts";
import { type } from "../../lib/types.ts";
import { rule as capabilities } from "../container/capabilities.ts";
import { rule as devices } from "../container/devices.ts";
import { rule as dockerApi } from "../container/docker-api.ts";
import { rule as groups } from "../container/groups.ts";
import { rule as hostNamespaces } from "../container/host-namespaces.ts";
import { rule as mountPropagation } from "../container/mount-propagation.ts";
import { rule as privileged } from "../container/privileged.ts";
import { rule as publishedPorts } from "../container/published-ports.ts";
import { rule as securityProfiles } from "../container/security-profiles.ts";
import { rule as sensitiveMounts } from "../container/sensitive-mounts.ts";
import { rule as sysctls } from "../container/sysctls.ts";

/** The rules on what a container is given. What a command leaves out is left to them who write containers as resources. */
const ON_CONTAINERS = [
  privileged,
  capabilities,
  securityProfiles,
  groups,
  devices,
  sensitiveMounts,
  mountPropagation,
  hostNamespaces,
  sysctls,
  publishedPorts,
  dockerApi,
];

export const rule: Rule = {
  id: "command.docker",
  title: "No command makes, enters or changes a container in a way that the rules on containers refuse.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.23", "CIS Docker 1.6.0, 5.24", "CIS Docker 1.6.0, 5.5", "OWASP ASI05"],
  why: "A container that a shell command makes is in no preview, and no rule on containers sees it.",
  fix: "Declare the container as a resource; leave out the option, or the root user, of an exec.",
  waivable: "by-configuration",
  types: [...RUNNING],
  check: (resource, context) =>
    commandTexts(resource).flatMap(({ path, value }) =>
      containerCommandsIn(value).flatMap((command) =>
        flawsOf(command, resource, context).map(({ found, expected }) => ({
          property: path,
          found: `${command.program} ${command.verb} with ${found}`,
          expected,
        })),
      ),
    ),
  examples: {
    good: [
      run("A plain container", "docker run --rm --read-only --cap-drop ALL example true"),
      run("An option of the program in it", "docker run --rm example tool --privileged -v /:/host"),
      run("A limit", "docker update --pids-limit 64 example"),
      run("A command in a container", "docker exec -u 20001 example true"),
    ],
    bad: [
      run("Privileged", "docker run --privileged example true"),
      run("The Docker socket", "docker run -v /var/run/docker.sock:/docker.sock example true"),
      run("The whole host, by mount", "docker run --mount type=bind,src=/,dst=/host example true"),
      run("The host's processes", "sudo docker run -it --rm --pid=host example sh"),
      run("Over ssh", `ssh -p 22 deploy@192.0.2.10 "docker create --network host example"`),
      run("Another program", "podman container run --cap-add SYS_ADMIN example true"),
      run("A port on every address", "docker run -d -p 8080:80 example"),
      run("Privileged, into a running container", "docker exec --privileged example sh"),
      run("As root, into a running container", "docker exec -it -u root example sh"),
      run("A limit taken away", "docker update --pids-limit -1 example"),
    ],
  },
};

type Flaw = Pick<Finding, "found" | "expected">;

function flawsOf(command: ContainerCommand, resource: Resource, context: Context): Flaw[] {
  switch (command.verb) {
    case "exec":
      return ofExec(command);
    case "update":
      return ofUpdate(command);
    default:
      return ofContainer(command, resource, context);
  }
}

function ofContainer(command: ContainerCommand, resource: Resource, context: Context): Flaw[] {
  const properties = new Properties(containerOfCommand(command), resource.unknowns);
  const container: Resource = { ...resource, type: type.container, properties };
  return ON_CONTAINERS.flatMap((other) => other.check?.(container, context) ?? []).map(
    ({ property, found, expected }) => ({ found: `${property} of ${found}`, expected }),
  );
}

function ofExec({ options }: ContainerCommand): Flaw[] {
  const user = options.get("user")?.at(-1);
  return [
    ...(options.get("privileged")?.at(-1)?.toLowerCase() === "true"
      ? [{ found: "--privileged", expected: "no such option" }]
      : []),
    ...(user !== undefined && /^(root|\+?0+)(:|$)/.test(user)
      ? [{ found: `the user ${user}`, expected: "the container's own user" }]
      : []),
  ];
}

/** Of memory and swap -1 is no limit; of processes also 0. */
function ofUpdate({ options }: ContainerCommand): Flaw[] {
  return (
    [
      ["pids-limit", /^(-1|0)$/],
      ["memory-swap", /^-1$/],
      ["memory", /^(-1|0)$/],
    ] as const
  ).flatMap(([name, none]) => {
    const value = options.get(name)?.at(-1);
    return value !== undefined && none.test(value) ? [{ found: `--${name} ${value}`, expected: "a limit" }] : [];
  });
}

function run(title: string, create: string): Example {
  return { title, resources: [{ type: commandType.local, name: "run", properties: { create } }] };
}
