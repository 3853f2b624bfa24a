import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import type * as pulumi from "@pulumi/pulumi";

export interface PublicAddressArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly publicIpAddressName: string;
}

/** An address on the internet that stays the same, and takes nothing in that no security group lets in. */
export function publicAddress(
  name: string,
  args: PublicAddressArgs,
  opts: pulumi.CustomResourceOptions,
): PublicIPAddress {
  return new PublicIPAddress(
    name,
    {
      ...args,
      sku: { name: "Standard" },
      publicIPAllocationMethod: "Static",
      publicIPAddressVersion: "IPv4",
    },
    opts,
  );
}
