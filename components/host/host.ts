import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { bundleId } from "./bundle/bundle.ts";
import { mustGetIn, sshPort } from "./bundle/host-spec.ts";
import type { HostSpec } from "./bundle/host-spec.ts";
import { hostScript, PROGRAM_PATH } from "./bundle/host-script.ts";
import { planBundle } from "./bundle/plan-bundle.ts";
import { isRemote, sshTarget } from "./docker-host.ts";
import type { DockerSettings } from "./docker-host.ts";
import { leaveShared, rootShell } from "./host-command.ts";

export interface HostArgs {
  /** How the machine is reached; may be known only once the machine exists. */
  readonly docker: pulumi.Input<DockerSettings>;
  readonly spec: HostSpec;
  /**
   * Public half of the key that the machine was born with, `ecdsa-sha2-nistp256 …`. It is removed once an apply has come
   * in over the machine's lasting key, which `docker` names.
   * @default the machine was not born with one
   */
  readonly firstBootKey?: pulumi.Input<string>;
}

/**
 * A machine's configuration, applied as one bundle. What can lock the operator out is confirmed over a connection of its
 * own by the same command: where that fails the machine undoes it, the resource is not made, and the next `up` tries
 * again. Nothing connects when nothing has changed. When it is no longer declared, the machine keeps what it has.
 */
export class Host extends pulumi.ComponentResource {
  /** What the last apply did, as JSON. */
  readonly report: pulumi.Output<string>;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:host:Host", name, {}, opts);
    const { spec, firstBootKey } = args;
    const docker = checked(args.docker, spec);
    const bundle = planBundle(spec);
    const secret = bundle.entries.some((entry) => entry.secret);
    const text = hostScript(bundle);
    const applied = new command.local.Command(
      `${name}-apply`,
      {
        create: pulumi.output(docker).apply((known) => applyLine(known, bundleId(bundle))),
        delete: `printf 'garrison: the machine keeps its configuration\\n' >&2`,
        stdin: secret ? pulumi.secret(text) : text,
        addPreviousOutputInEnv: false,
      },
      { parent: this, ...(secret && { additionalSecretOutputs: ["stdin"] }) },
    );
    this.report = applied.stdout;
    if (firstBootKey !== undefined) {
      const line = pulumi
        .all([docker, firstBootKey])
        .apply(([known, key]) => rootShell(known, `${PROGRAM_PATH} forget ${key.split(" ")[1] ?? ""}`));
      new command.local.Command(`${name}-forget`, { create: line }, { parent: this, dependsOn: applied });
    }
    this.registerOutputs({
      host: spec.host,
      report: applied.stdout,
      waivers: (spec.units ?? []).flatMap(({ name: unit, waiver }) =>
        waiver === undefined ? [] : [{ unit, ...waiver }],
      ),
    });
  }
}

/** Refuses at once what is known, and the rest when it is. */
function checked(docker: pulumi.Input<DockerSettings>, spec: HostSpec): pulumi.Input<DockerSettings> {
  const check = (known: DockerSettings): DockerSettings => {
    refuse(`The machine ${spec.host} could not be reached again`, connectionProblems(known, spec));
    return known;
  };
  if (docker instanceof Promise) return docker.then(check);
  return pulumi.Output.isInstance(docker) ? docker.apply(check) : check(docker);
}

/** What in the settings does not fit what the machine will let in after the apply. */
export function connectionProblems(docker: DockerSettings, spec: HostSpec): Problem[] {
  if (!isRemote(docker)) return [];
  const { destination, port } = sshTarget(docker);
  const user = destination.slice(0, destination.indexOf("@"));
  const property = "garrison:docker.host";
  return [
    ...(mustGetIn(spec).includes(user)
      ? []
      : [
          { property, found: `user ${user}`, expected: `one who may log in afterwards: ${mustGetIn(spec).join(", ")}` },
        ]),
    ...(port === String(sshPort(spec))
      ? []
      : [
          {
            property,
            found: `port ${port}`,
            expected: `${String(sshPort(spec))}, as access.port says: a machine gets its port when it is born`,
          },
        ]),
  ];
}

/**
 * Applies, then confirms over a fresh connection if the machine asks for it. More than one attempt, because an ssh server
 * that reloads refuses connections for a moment. What comes after logs in anew: the connection of before has a session
 * without the groups that the user may have been given now, Docker's among them.
 *
 * @param id of the bundle, so that no other change is confirmed
 */
export function applyLine(docker: DockerSettings, id: string): string {
  return `report=$(${rootShell(docker, "-s apply")}) || exit
printf '%s\\n' "$report"
case $report in *'"state":"waiting"'*) ;; *) exit 0 ;; esac
for attempt in 1 2 3; do
  (${rootShell(docker, `${PROGRAM_PATH} confirm ${id}`, "fresh")}) </dev/null >/dev/null || { sleep 2; continue; }
  ${leaveShared(docker)}
  exit 0
done
echo "garrison: the machine cannot be reached over a new connection, or does not take the confirmation; it undoes the change by itself" >&2
exit 1`;
}
