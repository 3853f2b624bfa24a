/** Who holds a name or a port that is wanted, in words for an error message. */
import type Dockerode from "dockerode";
import { messageOf, statusOf } from "./connection/failures.ts";

/** The label by which an estate knows what it made. */
const estateLabel = "garrison.estate";

/**
 * Whether something with our name is a leftover of our own: made by a run that was killed before it could record it.
 * Only an estate's things qualify, and only when every label that we are about to give is already there.
 */
export function isLeftover(wanted: Readonly<Record<string, string>>, found: Readonly<Record<string, string>> | null) {
  if (wanted[estateLabel] === undefined || !found) return false;
  return Object.entries(wanted).every(([label, value]) => found[label] === value);
}

/** A sentence about the container that has the name. */
export function describeContainer(found: Dockerode.ContainerInspectInfo): string {
  const estate = found.Config.Labels[estateLabel];
  const origin = estate === undefined ? "not made by an estate" : `of estate ${estate}`;
  return `container ${found.Id.slice(0, 12)} (${found.State.Status}, image ${found.Config.Image}, ${origin})`;
}

/** The start's failure, with the holder of the port named where Docker knows it. */
export async function explainPort(docker: Dockerode, error: unknown): Promise<unknown> {
  const match = /(?:Bind for|listen \w+) ([\d.:[\]a-f]*):(\d+)|port is already allocated/.exec(messageOf(error));
  if (statusOf(error) !== 500 || !match) return error;
  const [, address = "", digits] = match;
  const port = Number(digits);
  const holders = (await docker.listContainers()).filter((container) =>
    container.Ports.some((published) => published.PublicPort === port && meets(published.IP, address)),
  );
  const names = holders.map((container) => container.Names[0]?.slice(1) ?? container.Id.slice(0, 12));
  const holder =
    names.length > 0
      ? `container ${names.join(", ")} publishes it`
      : `a process of the host listens on it; find it with: ss -ltnp sport = :${port}`;
  return new Error(`port ${port} of the host is in use: ${holder}`, { cause: error });
}

const everywhere = new Set(["", "0.0.0.0", "::", "[::]"]);

/** Whether two publications of one port meet: on the same address, or one of them on every address. */
function meets(one: string | undefined, other: string): boolean {
  return one === other || everywhere.has(one ?? "") || everywhere.has(other);
}
