import type { Fabric } from "@garrison/fabric/fabric.ts";
import { azureSchema, type AzureSchema } from "./schema.ts";
import type { Account } from "./azure-type.ts";
import type { StateStore } from "./state.ts";
import { Plan } from "./plan.ts";

/** What the resources of one run of the plugin share. */
export interface Run {
  readonly schema: AzureSchema;
  readonly plan: Plan;
  readonly store: () => StateStore;
  /** Opened when first asked for: whatever only looks ahead touches no host. */
  readonly fabric: (tell: (detail: string) => void) => Promise<Fabric>;
  account: Account;
}

export interface RunOptions {
  readonly openFabric: (tell: (detail: string) => void) => Promise<Fabric>;
  readonly openState: () => StateStore;
}

/** The lab's own subscription and tenant: no real ones have such numbers. */
const labAccount: Account = {
  subscriptionId: "00000000-0000-4000-8000-000000000001",
  tenantId: "00000000-0000-4000-8000-000000000002",
  clientId: "00000000-0000-4000-8000-000000000003",
  objectId: "00000000-0000-4000-8000-000000000004",
};

export function newRun({ openFabric, openState }: RunOptions): Run {
  let fabric: Promise<Fabric> | undefined;
  let store: StateStore | undefined;
  return {
    schema: azureSchema,
    plan: new Plan(),
    store: () => (store ??= openState()),
    fabric: (tell) => (fabric ??= openFabric(tell)),
    account: labAccount,
  };
}
