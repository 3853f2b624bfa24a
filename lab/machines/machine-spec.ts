import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { MACHINES } from "#stacks/machines.ts";
import type { MachineRole } from "#stacks/machines.ts";

/** What a machine of the estate is meant to have. */
export interface MachineSpec {
  readonly role: MachineRole;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly diskGiB: number;
}

/** What the host can give to all of the lab's machines together. */
interface LabCapacity {
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly diskGiB: number;
}

/** What a machine gets here. */
export interface MachineSize {
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly diskGiB: number;
}

/** What each machine gets here. */
export type LabScale = Readonly<Record<MachineRole, MachineSize>>;

/** The stacks' settings say nothing of disks yet. */
const disks: Readonly<Record<MachineRole, number>> = { office: 512, "azure-web": 256, gpu: 1024 };

/** Less than this and systemd, sshd and a Docker daemon do not fit; the disk holds the system and some images. */
const floor = { memoryMiB: 1024, diskGiB: 6 } as const;

const settingsSchema = z.object({
  config: z.object({ "garrison:resources": z.object({ memoryMiB: z.number(), cpus: z.number() }) }),
});

/** The machines as the committed settings of their stacks describe them. */
export async function machineSpecs(checkout: string): Promise<readonly MachineSpec[]> {
  return Promise.all(
    MACHINES.map(async (role) => {
      const { config } = settingsSchema.parse(parse(await readFile(join(checkout, `Pulumi.${role}.yaml`), "utf8")));
      return { role, ...config["garrison:resources"], diskGiB: disks[role] };
    }),
  );
}

/**
 * Scales all machines to one host: a machine that asks for more than the others can spare gets what is left when all get
 * the same. One factor for all would give nearly everything to the largest, which is the one that is lent out least here.
 * Never below what a machine needs to run at all. Which of them are up plays no part: a machine that comes later must
 * not change one that is there.
 */
export function scaleMachines(specs: readonly MachineSpec[], capacity: LabCapacity): LabScale {
  const sizes = specs.map((spec) => [spec.role, capSize(spec, largestSize(specs, capacity))]);
  return Object.fromEntries(sizes) as LabScale;
}

/** The most that a single machine gets on this host, where all of `specs` are to fit. */
export function largestSize(specs: readonly MachineSpec[], capacity: LabCapacity): MachineSize {
  const cap = (of: "memoryMiB" | "diskGiB"): number =>
    commonCap(
      specs.map((spec) => spec[of]),
      capacity[of],
    );
  return {
    memoryMiB: Math.max(floor.memoryMiB, cap("memoryMiB")),
    cpus: capacity.cpus,
    diskGiB: Math.max(floor.diskGiB, cap("diskGiB")),
  };
}

/** What a machine gets of what it asks for. */
export function capSize(asked: MachineSize, largest: MachineSize): MachineSize {
  return {
    memoryMiB: Math.min(asked.memoryMiB, largest.memoryMiB),
    cpus: Math.min(asked.cpus, largest.cpus),
    diskGiB: Math.min(asked.diskGiB, largest.diskGiB),
  };
}

/** The largest whole number that, as the most anybody gets, lets all of `asked` fit into `available`. */
function commonCap(asked: readonly number[], available: number): number {
  let left = available;
  const rising = [...asked].sort((one, other) => one - other);
  for (const [index, request] of rising.entries()) {
    const share = Math.floor(left / (rising.length - index));
    if (request > share) return share;
    left -= request;
  }
  return Math.max(0, ...asked);
}

/** `office has 7338 of 65536 MiB, 2 of 16 processors, 11 of 512 GiB of disk here (scale 0.11, 0.13, 0.02)`. */
export function describeScale(name: string, spec: MachineSize, size: MachineSize): string {
  const scale = (here: number, there: number): string => String(Math.round((here / there) * 100) / 100);
  const parts = [
    `${size.memoryMiB} of ${spec.memoryMiB} MiB of memory (scale ${scale(size.memoryMiB, spec.memoryMiB)})`,
    `${size.cpus} of ${spec.cpus} processors (${scale(size.cpus, spec.cpus)})`,
    `${size.diskGiB} of ${spec.diskGiB} GiB of disk (${scale(size.diskGiB, spec.diskGiB)})`,
  ];
  return `${name}: ${parts.join(", ")}`;
}
