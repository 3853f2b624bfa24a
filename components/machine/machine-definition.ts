import type { HostDefinition } from "../host/bundle/host-spec.ts";
import type { FileContext } from "../files/service-files.ts";
import type { Problem } from "../lib/problems.ts";
import type { Numbered } from "../wiring/number-lock.ts";
import type { Flow } from "../network/flow.ts";
import type { OtherMachine } from "../network/other-machine.ts";
import type { SecretSpec } from "../secrets/secret.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { SettingsPart } from "../settings/part.ts";

/** What runs on one machine and who talks to whom: plain data, the same for every copy of the machine. */
export interface MachineDefinition {
  /** What the estate calls it: `garrison:machine`. */
  readonly role: string;
  readonly services: readonly ServiceSpec[];
  /** Every connection that may be begun. There is no other. */
  readonly flows: readonly Flow[];
  /** The networks that carry the flows; each has a flow for every member. */
  readonly networks: readonly NetworkRequest[];
  /**
   * Size of every network's subnet: at 26, services have the numbers 1 to 60; at 24, 1 to 252. Changing it moves every
   * address.
   * @default 26
   */
  readonly subnetPrefix?: number;
  /** What each client of the egress proxy may ask it for. */
  readonly allowed: readonly Allowance[];
  /** The estate's other machines that flows lead to or come from, as `machine:<name>`. @default none */
  readonly otherMachines?: readonly OtherMachine[];
  /** Every secret that a file of a service holds. */
  readonly secrets: readonly SecretSpec[];
  /** What its services ask the settings for, beside what every machine has. @default nothing */
  readonly settings?: readonly SettingsPart[];
  /**
   * Whether policies refuse the machine when it declares no agent: so that the rules about agents cannot fall silent.
   * @default false
   */
  readonly requireDeclaration?: boolean;
  /** What is known of a machine that was made from handles. @default it was written out by hand */
  readonly wiring?: MachineWiring;
  /** What runs on the machine itself. @default Docker and what keeps a machine safe */
  readonly host?: HostDefinition;
  /** What programs of the machine that talk to its containers have it configured with beside that. @default none */
  readonly programs?: (context: FileContext) => readonly ConfiguredProgram[];
}

/** A program of the machine, and what it needs there. */
export interface ConfiguredProgram {
  readonly program: string;
  readonly host: HostDefinition;
  /** What is wrong with what it was told. */
  readonly problems: readonly Problem[];
}

/** Where a machine's numbers are kept, and what is wrong with what was passed to whom. */
export interface MachineWiring {
  readonly numbers: {
    readonly file: string;
    readonly wanted: Numbered;
    /** What is wrong with the file. */
    readonly problems: readonly Problem[];
    /** What has no number yet. */
    readonly missing: readonly string[];
  };
  /** @param present the services that are not switched off */
  readonly problems: (context: FileContext, present: ReadonlySet<string>) => readonly Problem[];
}

/** Names on the internet that a client may reach through the egress proxy, over HTTPS. */
export interface Allowance {
  readonly client: string;
  /** Host names; `.example.org` stands for the name and everything below it. `*` stands for every public name. */
  readonly hosts: readonly string[];
  readonly why: string;
}

/** Lets a client reach names through the egress proxy: `allow("searxng", ["en.wikipedia.org"], "…")`. */
export function allow(client: string, hosts: readonly string[], why: string): Allowance {
  return { client, hosts, why };
}

/** A network that the machine wants. */
export interface NetworkRequest {
  readonly name: string;
  /** Unique on the machine, from 1: chooses the subnet, so adding a network moves no other. */
  readonly number: number;
  /** Why these members share a network. */
  readonly why: string;
  /** Names of the services on it. */
  readonly members: readonly string[];
  /** `true` where its members reach out of the machine. @default false */
  readonly egress?: boolean;
}

/** A network without a way out. */
export function internal(name: string, number: number, why: string, members: readonly string[]): NetworkRequest {
  return { name, number, why, members };
}

/** A network with a way out; its members cannot reach each other on it. */
export function egress(name: string, number: number, why: string, members: readonly string[]): NetworkRequest {
  return { name, number, why, members, egress: true };
}
