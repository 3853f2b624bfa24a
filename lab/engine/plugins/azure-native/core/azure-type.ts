import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type { Unsupported } from "#provider/check.ts";
import type { Entry, State } from "./state.ts";
import type { Plan } from "./plan.ts";
import type { Problems } from "./problems.ts";

/** A resource type of the simulated Azure. All that the types have in common is made of this. */
export interface AzureType {
  /** `azure-native:network:Subnet`. */
  readonly token: string;
  /** The path of the REST specification. Its placeholders are inputs; the last one is the resource's name. */
  readonly idTemplate: string;
  readonly name: NameRule;
  /** Inputs that have an effect here or are kept in the state; every other one is refused. All, when it is left out. */
  readonly takes?: readonly string[];
  /** Paths below those inputs that are refused, with the reason. */
  readonly refuses?: Unsupported;
  /** Paths of objects of which the id alone is taken: the resource itself is another one of the program. */
  readonly idOnly?: readonly string[];
  /** Paths on whose change the official plugin makes the resource anew, besides the parts of its id. */
  readonly replaces?: readonly string[];
  /** Paths that Azure does not change while the resource is there, with the code of its refusal where it is documented. */
  readonly fixed?: Readonly<Record<string, string | undefined>>;
  /** Inputs that Azure completes, such as an interface's addresses: unknown until it has. */
  readonly completes?: readonly string[];
  /** Paths that are not written into the state. */
  readonly secrets?: readonly string[];
  /** What becomes real besides the entry in the state. */
  readonly effect?: "network" | "disk" | "machine";
  /** Azure's code when something that is used is to be deleted. */
  readonly inUseCode?: string;
  /** Whether Azure wants the region to be told; else it has none. */
  readonly regional?: boolean;
  /** What can be known before anything is created. Values that are not known yet are left alone. */
  check?(checking: Checking): void;
  /** The resources that it uses. */
  references?(inputs: Properties): readonly Reference[];
  /** What only the state knows. @throws ArmError */
  admit?(wanted: Wanted, state: State): void;
  /** Outputs beyond the inputs and those that every type has. Called again whenever it is read. */
  outputs?(wanted: Wanted, state: State): Properties;
}

export interface Checking {
  readonly inputs: Properties;
  /** Undefined while a part of it is not known. */
  readonly id: string | undefined;
  readonly problems: Problems;
  readonly plan: Plan;
}

export interface NameRule {
  readonly pattern: RegExp;
  /** The rule in words. */
  readonly expected: string;
  /** Whether it is a GUID when the program gives none. */
  readonly guid?: boolean;
}

export interface Reference {
  /** Where: `ipConfigurations[0].subnet.id`. */
  readonly property: string;
  readonly id: string;
  /** The type that it has to be of: `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
}

export interface Wanted {
  readonly id: string;
  readonly inputs: Properties;
  /** The resource as it is, when there is one. */
  readonly before?: Entry;
  readonly account: Account;
}

/** Whose Azure it is. */
export interface Account {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  /** The provider's own setting: for what says none itself. */
  readonly location?: string;
}
