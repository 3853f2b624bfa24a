import type Docker from "dockerode";

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

/** Removes them in the order given; one that is gone already is fine. */
export async function removeObjects(docker: Docker, objects: readonly LabelledObject[]): Promise<void> {
  for (const object of objects) {
    try {
      await removeObject(docker, object);
    } catch (error) {
      if (!isGone(error)) throw new Error(`${object.kind} ${object.name} cannot be removed`, { cause: error });
    }
  }
}

async function removeObject(docker: Docker, { kind, id }: LabelledObject): Promise<void> {
  if (kind === "container") await docker.getContainer(id).remove({ force: true });
  else if (kind === "network") await docker.getNetwork(id).remove();
  else await docker.getVolume(id).remove();
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === 404;
}
