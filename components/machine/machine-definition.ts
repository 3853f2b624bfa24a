import type { ServiceSpec } from "../services/service.ts";

/** What runs on one machine and who shares a network with whom: plain data, the same for every copy of the machine. */
export interface MachineDefinition {
  readonly role: "office";
  readonly services: readonly ServiceSpec[];
  readonly networks: readonly NetworkWish[];
}

/** A network that the machine wants. */
export interface NetworkWish {
  readonly name: string;
  /** Unique on the machine, 1 to 1000: chooses the subnet, so adding a network moves no other. */
  readonly number: number;
  /** Why these members share a network. */
  readonly why: string;
  /** Names of the services on it. */
  readonly members: readonly string[];
  /** `true` where its members reach out of the machine. @default false */
  readonly egress?: boolean;
}

/** A network without a way out. */
export function internal(name: string, number: number, why: string, members: readonly string[]): NetworkWish {
  return { name, number, why, members };
}

/** A network with a way out; its members cannot reach each other on it. */
export function egress(name: string, number: number, why: string, members: readonly string[]): NetworkWish {
  return { name, number, why, members, egress: true };
}
