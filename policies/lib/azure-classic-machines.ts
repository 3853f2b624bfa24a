import { named } from "./azure-classic-names.ts";
import type { Move } from "./translation.ts";
import { into, moves } from "./translation.ts";

export function networkInterface(): Move[] {
  return [
    ...named("networkInterfaceName"),
    ...moves(
      "ipForwardingEnabled > enableIPForwarding",
      "enableIpForwarding > enableIPForwarding",
      "ipConfigurations.*.subnetId > ipConfigurations.*.subnet.id",
      "ipConfigurations.*.publicIpAddressId > ipConfigurations.*.publicIPAddress.id",
    ),
  ];
}

export function windows(place: string): Move {
  return { from: "name", to: `${place}osProfile.windowsConfiguration`, change: () => ({}), otherwise: {} };
}

/** What machines and scale sets have in common. Of Linux a password needs `disablePasswordAuthentication` to be false. */
export function machine(place: string, linux = true): Move[] {
  const os = `${place}osProfile`;
  return [
    ...moves(
      "name > vmName",
      "size > hardwareProfile.vmSize",
      `encryptionAtHostEnabled > ${place}securityProfile.encryptionAtHost`,
      `secureBootEnabled > ${place}securityProfile.uefiSettings.secureBootEnabled`,
      `sourceImageReference > ${place}storageProfile.imageReference`,
      "networkInterfaceIds.* > networkProfile.networkInterfaces.*.id",
    ),
    ...into(os, "adminUsername", "adminPassword", "customData"),
    ...(linux
      ? [
          {
            from: "disablePasswordAuthentication",
            to: `${os}.linuxConfiguration.disablePasswordAuthentication`,
            otherwise: true,
          },
        ]
      : []),
  ];
}

export function scaleSet(linux = true): Move[] {
  const profile = "virtualMachineProfile";
  const interfaces = `${profile}.networkProfile.networkInterfaceConfigurations`;
  return [
    ...machine(`${profile}.`, linux),
    ...moves(
      "sku > sku.name",
      `userData > ${profile}.userData`,
      `extensions > ${profile}.extensionProfile.extensions`,
      `networkInterfaces.*.name > ${interfaces}.*.name`,
      `networkInterfaces.*.networkSecurityGroupId > ${interfaces}.*.networkSecurityGroup.id`,
      `networkInterfaces.*.enableIpForwarding > ${interfaces}.*.enableIPForwarding`,
      `networkInterfaces.*.ipForwardingEnabled > ${interfaces}.*.enableIPForwarding`,
      `networkInterfaces.*.ipConfigurations.*.name > ${interfaces}.*.ipConfigurations.*.name`,
      `networkInterfaces.*.ipConfigurations.*.publicIpAddresses.* > ${interfaces}.*.ipConfigurations.*.publicIPAddressConfiguration`,
    ),
  ];
}

/** The machine that came before `LinuxVirtualMachine`. */
export function formerMachine(): Move[] {
  return moves(
    "name > vmName",
    "vmSize > hardwareProfile.vmSize",
    "osProfileLinuxConfig > osProfile.linuxConfiguration",
    "osProfileWindowsConfig > osProfile.windowsConfiguration",
    "storageImageReference > storageProfile.imageReference",
    "storageOsDisk.osType > storageProfile.osDisk.osType",
    "storageOsDisk.vhdUri > storageProfile.osDisk.vhd.uri",
    "storageDataDisks.*.vhdUri > storageProfile.dataDisks.*.vhd.uri",
    "networkInterfaceIds.* > networkProfile.networkInterfaces.*.id",
  );
}

export function disk(name: string): Move[] {
  return [
    ...named(name),
    ...moves(
      "createOption > creationData.createOption",
      "encryptionSettings.enabled > encryptionSettingsCollection.enabled",
    ),
  ];
}
