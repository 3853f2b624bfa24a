import { disk } from "./compute/disk.ts";
import { virtualMachineExtension } from "./compute/extension.ts";
import { virtualMachine } from "./compute/machine.ts";
import type { AzureType } from "./core/azure-type.ts";
import { networkInterface } from "./network/interface.ts";
import { natGateway } from "./network/nat-gateway.ts";
import { virtualNetworkPeering } from "./network/peering.ts";
import { publicAddress } from "./network/public-address.ts";
import { networkSecurityGroup, securityRule } from "./network/security-group.ts";
import { subnet } from "./network/subnet.ts";
import { virtualNetwork } from "./network/virtual-network.ts";
import { lockAtGroup, lockByScope, roleAssignment } from "./others/authorization.ts";
import { budget } from "./others/budget.ts";
import { vault } from "./others/key-vault.ts";
import { resourceGroup } from "./others/resource-group.ts";
import { blobContainer, storageAccount } from "./others/storage.ts";

/** Everything that the lab's Azure has. */
export const catalogue: readonly AzureType[] = [
  blobContainer,
  budget,
  disk,
  lockAtGroup,
  lockByScope,
  natGateway,
  networkInterface,
  networkSecurityGroup,
  publicAddress,
  resourceGroup,
  roleAssignment,
  securityRule,
  storageAccount,
  subnet,
  vault,
  virtualMachine,
  virtualMachineExtension,
  virtualNetwork,
  virtualNetworkPeering,
];
