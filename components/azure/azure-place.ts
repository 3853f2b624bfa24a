import type { DataDisk } from "./data-disk.ts";

/** Where a stack's machines are in Azure: plain data, the same for every copy of the stack. */
export interface AzurePlace {
  readonly subnets: readonly PlaceSubnet[];
  /** A machine comes after its bastion. */
  readonly machines: readonly PlaceMachine[];
}

export interface PlaceSubnet {
  readonly name: string;
  /** Unique in the stack, from 1: chooses the /26. */
  readonly number: number;
  /** Machines get out through a NAT gateway. @default false */
  readonly nat?: boolean;
}

export interface PlaceMachine {
  /** `main` is the stack's own machine; every other one is a bastion. */
  readonly name: string;
  readonly subnet: string;
  readonly size: string;
  readonly osDiskGiB: number;
  readonly dataDisks?: readonly DataDisk[];
  readonly publicAddress?: boolean;
  /** Its bastion: the machine that passes ssh on to it, and does nothing else. @default reached directly */
  readonly behind?: string;
  /** What is let in beside the operators and the deployer. */
  readonly open?: readonly PlaceOpening[];
}

export interface PlaceOpening {
  readonly name: string;
  readonly ports: readonly number[];
  /** `web`: whom the settings let open the sites; `peers`: the networks that this one is joined with. */
  readonly from: "web" | "peers";
  readonly who: string;
  readonly why: string;
}
