import { host, parseBlock } from "#components/network/address.ts";
import { azureBlock } from "../fabric/places.ts";
import { internetAddresses } from "../internet/addresses.ts";

/** Under which a machine is seen that gets out by Azure's default outbound access; no public address is given this one. */
export const defaultOutboundAddress = host(parseBlock(azureBlock), 1);

/** Of the platform itself: metadata, and what its load balancer asks from. Nothing that a machine sends there leaves the host. */
export const platformAddresses = {
  metadata: internetAddresses.metadata,
  wire: internetAddresses.metadataAzure,
} as const;
