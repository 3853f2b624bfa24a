import type { AzurePlace } from "../azure/azure-place.ts";
import type { MachineDefinition } from "../machine/machine-definition.ts";
import type { MachineSettings } from "../settings/settings.ts";

/** Services that are thought of together, whatever networks carry their relations. */
export interface Zone {
  readonly name: string;
  readonly why: string;
  /** Whether it is for what leads out of the machine, or to the proxy. @default false */
  readonly out?: boolean;
  /** Names of services; one may be in several zones. */
  readonly members: readonly string[];
}

/** What a stack is: a machine, and where it is made, if the stack makes it. */
export interface StackDefinition {
  readonly machine: MachineDefinition;
  /**
   * Where in Azure the stack makes it: `{ subnets: [{ name: "web", number: 1 }], machines: [{ name: "main", … }] }`.
   * @default the machine is there already
   */
  readonly place?: AzurePlace;
  /**
   * Prefix of every name on the host, 2 to 8 lower-case letters and digits: `"finder"`. `garrison:estate` says otherwise.
   * @default the machine's name
   */
  readonly estate?: string;
  /** How its page tells its networks; each belongs to one zone. @default as they are */
  readonly zones?: readonly Zone[];
}

/** The part of a stack that its settings depend on. */
export function settingsOf({ machine, place, estate }: StackDefinition): MachineSettings {
  return {
    name: machine.role,
    estate,
    inAzure: place !== undefined,
    parts: machine.settings ?? [],
    secrets: machine.secrets.flatMap(({ source }) => (source.type === "external" ? [source.setting] : [])),
  };
}
