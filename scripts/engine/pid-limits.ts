import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import { problem } from "#helpers/terminal/report.ts";
import { doctorFor } from "./choice.ts";
import { outputsOf, runRecorded } from "./recorded-commands.ts";
import type { EngineState } from "./state.ts";

/** A PID limit that is not what the estate wants. */
interface PidDrift {
  /** The container, or the parent cgroup of an agent's container. */
  readonly subject: string;
  readonly found: string;
  readonly wanted: string;
}

const limitsSchema = z.object({ limits: z.record(z.string(), z.number()) });
const cgroupsSchema = z.object({ cgroups: z.array(z.object({ cgroup: z.string(), pids: z.number() })) });
const limitsType = "garrison:container:PidLimits";
const preparedType = "garrison:container:PreparedHost";
const title = "PID limits cannot be set back";

/**
 * Compares the PID limits that the state promises with those in this host's kernel. The engine does not see them: the
 * Docker provider has no such argument. Containers that do not run have none.
 */
export async function findPidDrift(state: EngineState, docker: Docker, root = "/sys/fs/cgroup"): Promise<PidDrift[]> {
  const wanted = outputsOf(state, limitsType, limitsSchema).flatMap(({ limits }) => Object.entries(limits));
  const parents = new Map(
    outputsOf(state, preparedType, cgroupsSchema).flatMap(({ cgroups }) =>
      cgroups.map(({ cgroup, pids }) => [cgroup, pids] as const),
    ),
  );
  const found = await Promise.all(
    wanted.map(async ([name, pids]) => {
      const group = await cgroupOf(docker, name);
      if (group === undefined) return [];
      const parent = parents.get(group.asked);
      return [
        // One that a parent limits has no limit of its own.
        parent === undefined
          ? { subject: name, found: await limitOf(root, group.path), wanted: String(pids) }
          : { subject: `${name}'s parent`, found: await limitOf(root, dirname(group.path)), wanted: String(parent) },
      ];
    }),
  );
  return found.flat().filter((limit) => limit.found !== limit.wanted);
}

/** Applies the estate's own limits again, by the scripts that the state keeps, and looks whether they hold. */
export async function repairPidLimits(state: EngineState, docker: Docker, again: string): Promise<readonly PidDrift[]> {
  const drift = await findPidDrift(state, docker);
  if (drift.length === 0) return [];
  for (const type of [preparedType, limitsType])
    await runRecorded(state, type, { title, expected: "limits as the estate has them", again });
  const left = await findPidDrift(state, docker);
  if (left.length === 0) return drift;
  throw problem(title, {
    property: left.map(({ subject }) => subject).join(", "),
    found: left.map(({ found }) => found).join(", "),
    expected: left.map(({ wanted }) => wanted).join(", "),
    fix: `${doctorFor(again)}, then ${again}`,
  });
}

/** The PID cgroup of a running container, and the parent it was made with. */
async function cgroupOf(docker: Docker, name: string): Promise<{ path: string; asked: string } | undefined> {
  try {
    const { State, HostConfig } = await docker.getContainer(name).inspect();
    if (!State.Running) return undefined;
    const groups = await readFile(`/proc/${String(State.Pid)}/cgroup`, "utf8");
    const path = /^\d+:pids:(.*)$/m.exec(groups)?.[1] ?? /^0::(.*)$/m.exec(groups)?.[1];
    return path === undefined ? undefined : { path, asked: HostConfig.CgroupParent ?? "" };
  } catch (error) {
    // It went between the list and the look: then it is missing, and others say so.
    const gone = error instanceof Error && "statusCode" in error && error.statusCode === 404;
    if (gone || (error instanceof Error && "code" in error && error.code === "ENOENT")) return undefined;
    throw error;
  }
}

async function limitOf(root: string, cgroup: string): Promise<string> {
  for (const tree of [join(root, "pids"), root]) {
    const limit = await readFile(join(tree, cgroup, "pids.max"), "utf8").catch(() => undefined);
    if (limit !== undefined) return limit.trim();
  }
  return "none";
}
