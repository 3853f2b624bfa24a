import { Budget } from "@pulumi/azure-native/consumption/budget.js";
import { VirtualNetworkPeering } from "@pulumi/azure-native/network/virtualNetworkPeering.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import type { JumpHost } from "../host/docker-host.ts";
import type { AzureSettings } from "../settings/azure.ts";
import { AzureMachine } from "./azure-machine.ts";
import { AzureNetwork } from "./azure-network.ts";
import type { AzurePlan, PlannedMachine } from "./plan-azure.ts";

export interface AzureEstateArgs {
  readonly plan: AzurePlan;
  /** File of the deployer's private key. @default the keys that ssh finds itself */
  readonly identityFile?: string;
}

/** Everything that one stack has in Azure, in a resource group of its own. */
export class AzureEstate extends pulumi.ComponentResource {
  /** The stack's own machine. */
  readonly main: AzureMachine;

  constructor(name: string, { plan, identityFile }: AzureEstateArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:azure:AzureEstate", name, {}, opts);
    const { azure, estate } = plan;
    const { location } = azure;
    const provider = new Provider(
      `${name}-azure`,
      { location, ...(azure.subscription !== undefined && { subscriptionId: azure.subscription }) },
      { parent: this },
    );
    const within = { parent: this, provider };
    const tags = { "garrison.estate": estate };

    const group = new ResourceGroup(`${name}-group`, { resourceGroupName: plan.resourceGroup, location, tags }, within);
    const place = { resourceGroup: group.name, location, tags };
    const network = new AzureNetwork(`${estate}-net`, { ...place, plan: plan.network }, inside(within));
    join(`${estate}-net`, azure, group, network, within);
    if (azure.budget) declareBudget(name, azure.budget, group, within);

    const machines = new Map<PlannedMachine["name"], AzureMachine>();
    for (const planned of plan.machines) {
      const { host, behind, name: own, subnet, ...facts } = planned;
      const jump = behind === undefined ? undefined : jumpThrough(machines.get(behind));
      const id = network.subnets.get(subnet);
      if (id === undefined) throw new Error(`no subnet ${subnet}`);
      const machine = new AzureMachine(
        `${name}-${own}`,
        {
          ...place,
          ...facts,
          host,
          subnet: id,
          generation: azure.generation,
          ...(jump && { jump }),
          ...(identityFile !== undefined && { identityFile }),
        },
        inside(within),
      );
      machines.set(own, machine);
    }
    const main = machines.get("main");
    if (main === undefined) throw new Error("no main machine");
    this.main = main;
    this.registerOutputs({ resourceGroup: group.name, networkId: network.networkId });
  }
}

interface Within {
  readonly parent: pulumi.Resource;
  readonly provider: Provider;
}

/** A component hands its providers on. */
function inside({ parent, provider }: Within): pulumi.ComponentResourceOptions {
  return { parent, providers: { "azure-native": provider } };
}

function jumpThrough(bastion: AzureMachine | undefined): pulumi.Output<JumpHost> {
  if (bastion === undefined) throw new Error("no bastion before the machine behind it");
  return bastion.docker.apply(({ host, hostKey = "" }) => ({ host, hostKey }));
}

/** Each side lets the other's machines reach its own; the security groups say which. */
function join(
  name: string,
  { peers }: AzureSettings,
  group: ResourceGroup,
  network: AzureNetwork,
  within: Within,
): void {
  for (const [peer, { network: id }] of Object.entries(peers)) {
    new VirtualNetworkPeering(
      `${name}-peer-${peer}`,
      {
        resourceGroupName: group.name,
        virtualNetworkName: name,
        virtualNetworkPeeringName: peer,
        remoteVirtualNetwork: { id },
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: false,
        allowGatewayTransit: false,
        useRemoteGateways: false,
      },
      { ...within, dependsOn: network },
    );
  }
}

function declareBudget(
  name: string,
  { amount, from, contacts }: NonNullable<AzureSettings["budget"]>,
  group: ResourceGroup,
  within: Within,
): void {
  const told = { enabled: true, operator: "GreaterThanOrEqualTo", contactEmails: contacts };
  new Budget(
    `${name}-budget`,
    {
      scope: group.id,
      budgetName: "garrison",
      category: "Cost",
      timeGrain: "Monthly",
      amount,
      timePeriod: { startDate: `${from}-01T00:00:00Z` },
      notifications: {
        spent: { ...told, threshold: 80, thresholdType: "Actual" },
        forecast: { ...told, threshold: 100, thresholdType: "Forecasted" },
      },
    },
    within,
  );
}
