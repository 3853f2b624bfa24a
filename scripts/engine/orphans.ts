import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { problem } from "#helpers/terminal/report.ts";

const notFound = 404;
const conflict = 409;
const goneWithinMs = 60_000;
const pollMs = 100;

/** Something that Docker keeps under an estate's label. */
export interface LabelledObject {
  readonly kind: "container" | "network" | "volume";
  readonly id: string;
  readonly name: string;
}

/** Everything that carries the estate's label, containers first: the others cannot go before them. */
export async function labelledObjects(docker: Docker, estate: string): Promise<LabelledObject[]> {
  const filters = { label: [`garrison.estate=${estate}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id: id, Names: [name = id] }) => ({ kind: "container" as const, id, name: name.slice(1) })),
    ...networks.map(({ Id: id, Name: name }) => ({ kind: "network" as const, id, name })),
    ...volumes.Volumes.map(({ Name: name }) => ({ kind: "volume" as const, id: name, name })),
  ];
}

/**
 * What a killed run made without writing it down: the engine would make it again and find the name taken.
 * Volumes are not among them: they are kept on purpose and found again by name.
 */
export function findOrphans(objects: readonly LabelledObject[], known: ReadonlySet<string>): LabelledObject[] {
  return objects.filter(({ kind, id }) => kind !== "volume" && !known.has(id));
}

/** Removes them in the order given; one that is gone already, or that somebody else is removing, is fine. */
export async function removeObjects(docker: Docker, objects: readonly LabelledObject[]): Promise<void> {
  for (const object of objects) {
    try {
      await removeObject(docker, object);
    } catch (error) {
      if (statusOf(error) !== notFound && !isBeingRemoved(error)) throw cannotRemove(object, error);
    }
    await untilGone(docker, object);
  }
}

async function removeObject(docker: Docker, { kind, id }: LabelledObject): Promise<void> {
  if (kind === "container") await docker.getContainer(id).remove({ force: true });
  else if (kind === "network") await docker.getNetwork(id).remove();
  else await docker.getVolume(id).remove();
}

/** The plugin of a killed engine still takes away what it had begun; its name is free when that has ended. */
async function untilGone(docker: Docker, object: LabelledObject): Promise<void> {
  const deadline = Date.now() + goneWithinMs;
  while (await isThere(docker, object)) {
    if (Date.now() > deadline) throw cannotRemove(object, new Error("its removal does not end"));
    await sleep(pollMs);
  }
}

async function isThere(docker: Docker, { kind, id }: LabelledObject): Promise<boolean> {
  try {
    if (kind === "container") await docker.getContainer(id).inspect();
    else if (kind === "network") await docker.getNetwork(id).inspect();
    else await docker.getVolume(id).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === notFound) return false;
    throw error;
  }
}

function isBeingRemoved(error: unknown): boolean {
  return statusOf(error) === conflict && error instanceof Error && error.message.includes("already in progress");
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
}

function cannotRemove({ kind, name }: LabelledObject, error: unknown): Error {
  const remove = kind === "container" ? `docker rm -f ${name}` : `docker ${kind} rm ${name}`;
  return problem("Something of the estate cannot be removed", {
    property: `${kind} ${name}`,
    found: error instanceof Error ? error.message : String(error),
    expected: "removed",
    fix: `${remove}, then run the same command again`,
  });
}
