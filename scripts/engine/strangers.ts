import type Docker from "dockerode";
import { z } from "zod";

/** A container that the estate did not make, on a network that it did. */
interface Stranger {
  readonly network: string;
  readonly container: string;
}

const membersSchema = z.record(z.string(), z.looseObject({ Name: z.string() })).nullish();

/** Who is on the estate's networks without being the estate's: the isolation does not hold against them. */
export async function findStrangers(docker: Docker, estate: string): Promise<Stranger[]> {
  const filters = { label: [`garrison.estate=${estate}`] };
  const own = new Set((await docker.listContainers({ all: true, filters })).map(({ Id: id }) => id));
  const networks = await docker.listNetworks({ filters });
  const found = await Promise.all(
    networks.map(async ({ Id: id }) => {
      const { Name: network, Containers } = (await docker.getNetwork(id).inspect()) as {
        Name: string;
        Containers?: unknown;
      };
      const members = Object.entries(membersSchema.parse(Containers) ?? {});
      return members.flatMap(([member, { Name: container }]) => (own.has(member) ? [] : [{ network, container }]));
    }),
  );
  return found.flat();
}

/** What to tell about one. */
export function describeStranger({ network, container }: Stranger): string {
  return `container ${container} is on ${network} and was not made by this estate`;
}

/** What takes it off the network. */
export function disconnectCommand({ network, container }: Stranger): string {
  return `docker network disconnect -f ${network} ${container}`;
}
