import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import type { Writable } from "#components/container/facts.ts";
import { isChecked } from "#components/container/health.ts";
import { userOf } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { hostResources } from "#lab/estate/estate.ts";

const MIB = 1024 * 1024;
const SECOND = 1e9;

interface HardenedRun {
  /** Name of the container. */
  readonly name: string;
  /** Start of the names of its volumes. @default the container's name */
  readonly volumes?: string;
  readonly image: string;
  /** An image with `chown`, to hand the volumes to the user. */
  readonly tools: string;
  /** @default no network */
  readonly network?: string;
  /** Other names on that network. */
  readonly aliases?: readonly string[];
}

/** Starts one service under the posture of its facts and the memory of its floor, with its own health check every second. */
export async function runHardened(spec: ServiceSpec, run: HardenedRun): Promise<Docker.Container> {
  const docker = new Docker();
  const { uid, gid } = userOf(spec);
  const waived = new Set<string>(spec.waivers?.map(({ id }) => id));
  const volumes = Object.entries(spec.writable).flatMap(([path, mount]) =>
    mount.type === "volume" ? [{ target: path, source: `${run.volumes ?? run.name}-${mount.volume}` }] : [],
  );
  for (const { source } of volumes) await makeVolume(docker, source, `${String(uid)}:${String(gid)}`, run.tools);
  const container = await docker.createContainer({
    name: run.name,
    Hostname: spec.hostname ?? spec.name,
    Image: run.image,
    User: `${String(uid)}:${String(gid)}`,
    Env: Object.entries(spec.environment ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(spec.entrypoint && { Entrypoint: [...spec.entrypoint] }),
    ...(spec.command && { Cmd: [...spec.command] }),
    ...(isChecked(spec.health) && {
      Healthcheck: { Test: [...spec.health.test], Interval: SECOND, Timeout: 4 * SECOND, Retries: 3 },
    }),
    HostConfig: {
      ReadonlyRootfs: !waived.has("container.read-only-root"),
      CapDrop: ["ALL"],
      CapAdd: spec.waivers?.flatMap(({ add = [] }) => add) ?? [],
      SecurityOpt: ["no-new-privileges:true"],
      Init: spec.init ?? true,
      Memory: spec.memoryFloor * MIB,
      MemorySwap: spec.memoryFloor * MIB,
      PidsLimit: spec.pids,
      NetworkMode: run.network ?? "none",
      Tmpfs: tmpfsOf(spec.writable, uid, gid),
      Mounts: [
        ...volumes.map((volume) => ({ ...volume, type: "volume" as const })),
        ...Object.entries(spec.mounts ?? {}).map(([target, source]) => ({ type: "bind" as const, target, source })),
      ].map(({ type, source, target }) => ({
        Type: type,
        Source: source,
        Target: target,
        ReadOnly: type === "bind",
        // Docker would give an empty volume the owner that the directory has in the image.
        ...(type === "volume" && {
          VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "local", Options: {} } },
        }),
      })),
      Ulimits: Object.entries({ core: [0, 0] as const, ...spec.ulimits }).map(([name, [soft, hard]]) =>
        ulimit(name, soft, hard),
      ),
    },
    ...(run.network !== undefined && {
      NetworkingConfig: { EndpointsConfig: { [run.network]: { Aliases: [...(run.aliases ?? [])] } } },
    }),
  });
  await container.start();
  return container;
}

/** Has the daemon hold an image of the lab's registry. */
export async function pullImage(docker: Docker, reference: string): Promise<void> {
  const stream = await docker.pull(reference);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

/** Waits until the health of a container is as wanted; otherwise says what it was and what the container wrote. */
export async function waitForHealth(
  container: Docker.Container,
  wanted: "healthy" | "unhealthy",
  seconds: number,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { State, Name } = await container.inspect();
    if (State.Running && State.Health?.Status === wanted) return;
    if (State.Running && Date.now() < deadline) {
      await sleep(200);
      continue;
    }
    const log = (await container.logs({ stdout: true, stderr: true, tail: 20 })).toString();
    throw new Error(`${Name} did not become ${wanted}: ${JSON.stringify(State, null, 2)}\n${log}`);
  }
}

/** Runs a program in the container as its own user; what it wrote and how it ended. */
export async function execIn(
  container: Docker.Container,
  command: readonly string[],
): Promise<{ output: string; exitCode: number }> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let output = "";
  for await (const part of stream) output += String(part);
  return { output, exitCode: (await exec.inspect()).ExitCode ?? -1 };
}

/** As in a lab: a daemon can grant no more open files than it has. */
function ulimit(Name: string, soft: number, hard: number): { Name: string; Soft: number; Hard: number } {
  const most = Name === "nofile" ? hostResources().openFiles : Infinity;
  return { Name, Soft: Math.min(soft, most), Hard: Math.min(hard, most) };
}

function tmpfsOf(writable: Readonly<Record<string, Writable>>, uid: number, gid: number): Record<string, string> {
  const entries = Object.entries(writable).flatMap(([path, mount]) => {
    if (mount.type !== "tmpfs") return [];
    const size = `size=${String(mount.size)}m,mode=${mount.mode ?? "0700"}`;
    return [[path, `rw,noexec,nosuid,nodev,${size},uid=${String(uid)},gid=${String(gid)}`] as const];
  });
  return Object.fromEntries(entries);
}

async function makeVolume(docker: Docker, name: string, owner: string, tools: string): Promise<void> {
  await docker.createVolume({ Name: name });
  const chown = await docker.createContainer({
    Image: tools,
    User: "0:0",
    // As on a machine: the user's, nobody else's, and with the mark that keeps Docker from filling it.
    Entrypoint: ["sh", "-c", `mkdir -p /data/.garrison-volume && chown ${owner} /data && chmod 0700 /data`],
    HostConfig: { NetworkMode: "none", Mounts: [{ Type: "volume", Source: name, Target: "/data" }] },
  });
  try {
    await chown.start();
    const { StatusCode } = (await chown.wait()) as { StatusCode: number };
    if (StatusCode !== 0) throw new Error(`chown ${owner} on volume ${name}: exit code ${String(StatusCode)}`);
  } finally {
    await chown.remove({ force: true });
  }
}
