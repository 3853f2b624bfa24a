/** Sizes of machines, after Azure's "Sizes for virtual machines" (the page of each series, as of 2026). */
export interface VmSize {
  readonly name: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly dataDisks: number;
  readonly interfaces: number;
  readonly acceleratedNetworking: boolean;
  /** Generations of images that it starts. */
  readonly generations: readonly (1 | 2)[];
  readonly gpus?: number;
}

type Row = readonly [name: string, cpus: number, memoryGiB: number, dataDisks: number, interfaces: number];

/** Burstable: no accelerated networking. */
const bursting: readonly Row[] = [
  ["Standard_B1s", 1, 1, 2, 2],
  ["Standard_B1ms", 1, 2, 2, 2],
  ["Standard_B2s", 2, 4, 4, 3],
  ["Standard_B2ms", 2, 8, 4, 3],
  ["Standard_B4ms", 4, 16, 8, 4],
];

const general: readonly Row[] = [
  ["Standard_D2s_v5", 2, 8, 4, 2],
  ["Standard_D4s_v5", 4, 16, 8, 2],
  ["Standard_D8s_v5", 8, 32, 16, 4],
  ["Standard_D16s_v5", 16, 64, 32, 8],
  ["Standard_D2ls_v5", 2, 4, 4, 2],
  ["Standard_D4ls_v5", 4, 8, 8, 2],
  ["Standard_D8ls_v5", 8, 16, 16, 4],
  ["Standard_D16ls_v5", 16, 32, 32, 8],
  ["Standard_F2s_v2", 2, 4, 4, 2],
  ["Standard_F4s_v2", 4, 8, 8, 2],
  ["Standard_F8s_v2", 8, 16, 16, 4],
  ["Standard_F16s_v2", 16, 32, 32, 4],
  ["Standard_F32s_v2", 32, 64, 32, 8],
];

/** With A100 accelerators; they start images of generation 2 only. */
const accelerated: readonly (readonly [...Row, gpus: number])[] = [
  ["Standard_NC24ads_A100_v4", 24, 220, 8, 2, 1],
  ["Standard_NC48ads_A100_v4", 48, 440, 16, 4, 2],
  ["Standard_NC96ads_A100_v4", 96, 880, 32, 8, 4],
];

export const vmSizes: readonly VmSize[] = [
  ...bursting.map((row) => size(row, { acceleratedNetworking: false, generations: [1, 2] })),
  ...general.map((row) => size(row, { acceleratedNetworking: true, generations: [1, 2] })),
  ...accelerated.map(([name, cpus, memoryGiB, dataDisks, interfaces, gpus]) =>
    size([name, cpus, memoryGiB, dataDisks, interfaces], { acceleratedNetworking: true, generations: [2], gpus }),
  ),
];

function size(
  [name, cpus, memoryGiB, dataDisks, interfaces]: Row,
  others: Pick<VmSize, "acceleratedNetworking" | "generations" | "gpus">,
): VmSize {
  return { name, cpus, memoryGiB, dataDisks, interfaces, ...others };
}

/** Names of sizes are compared without regard to case, as Azure does. */
export function findSize(name: string): VmSize | undefined {
  return vmSizes.find((one) => one.name.toLowerCase() === name.toLowerCase());
}
