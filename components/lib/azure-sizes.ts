/** What a size of virtual machine has. */
export interface MachineSize {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Most data disks. */
  readonly dataDisks: number;
  /** Its network interface goes past the hypervisor's switch. @default true */
  readonly acceleratedNetworking?: false;
  /** Has a GPU: no public address, ever. */
  readonly gpu?: true;
}

const GiB = 1024;

/**
 * The sizes that Garrison knows, by Azure's names; all of them take premium disks and machines of generation 2. From
 * Microsoft's page of each series (learn.microsoft.com/azure/virtual-machines/sizes), as of November 2026.
 */
export const MACHINE_SIZES: Readonly<Record<string, MachineSize>> = {
  Standard_B1ms: { cpus: 1, memoryMiB: 2 * GiB, dataDisks: 2, acceleratedNetworking: false },
  Standard_B2s: { cpus: 2, memoryMiB: 4 * GiB, dataDisks: 4, acceleratedNetworking: false },
  Standard_F8s_v2: { cpus: 8, memoryMiB: 16 * GiB, dataDisks: 16 },
  Standard_F16s_v2: { cpus: 16, memoryMiB: 32 * GiB, dataDisks: 32 },
  Standard_D16ls_v5: { cpus: 16, memoryMiB: 32 * GiB, dataDisks: 32 },
  Standard_NC24ads_A100_v4: { cpus: 24, memoryMiB: 220 * GiB, dataDisks: 8, gpu: true },
};
