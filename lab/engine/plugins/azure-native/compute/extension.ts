import type { AzureType } from "../core/azure-type.ts";
import { parentOf } from "../core/ids.ts";
import { ArmError } from "../core/problems.ts";
import { at, text } from "../core/values.ts";
import { findSize } from "./sizes.ts";

/** What the lab keeps in its state, and cannot run. */
const nvidia = { publisher: "Microsoft.HpcCompute", type: "NvidiaGpuDriverLinux" };

/** Microsoft.Compute 2024-11-01, virtualMachine.json. */
export const virtualMachineExtension: AzureType = {
  token: "azure-native:compute:VirtualMachineExtension",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/extensions/{vmExtensionName}",
  name: { pattern: /^[\w.-]{1,64}$/, expected: "1 to 64 letters, digits, periods, hyphens and underscores" },
  takes: [
    "autoUpgradeMinorVersion",
    "enableAutomaticUpgrade",
    "location",
    "publisher",
    "settings",
    "tags",
    "type",
    "typeHandlerVersion",
  ],
  refuses: { protectedSettings: "the extension that the lab has takes none" },
  replaces: ["location"],
  fixed: { publisher: undefined, type: undefined },
  regional: true,
  check: ({ inputs, problems }) => {
    for (const [name, expected] of Object.entries(nvidia)) {
      const found = text(inputs, name);
      if (found === expected || (found === undefined && inputs[name] !== undefined)) continue;
      problems.add(name, found === undefined ? "missing" : JSON.stringify(found), `${expected}: the lab runs no other`);
    }
    const version = text(inputs, "typeHandlerVersion");
    if (version !== undefined && !/^\d+\.\d+$/.test(version)) {
      problems.add("typeHandlerVersion", JSON.stringify(version), "major and minor, such as 1.9");
    }
  },
  admit: ({ id, inputs }, state) => {
    const machine = state.find(parentOf(id) ?? "");
    if (at(machine?.inputs, "osProfile", "allowExtensionOperations") === false) {
      throw new ArmError(undefined, `${id} cannot be installed: allowExtensionOperations of its machine is false`);
    }
    if (findSize(text(machine?.inputs, "hardwareProfile", "vmSize") ?? "")?.gpus === undefined) {
      throw new ArmError(undefined, `${id} cannot be installed: the size of its machine has no GPU`);
    }
    // Azure's documentation of the extension: it does not run with Secure Boot.
    if (at(machine?.inputs, "securityProfile", "uefiSettings", "secureBootEnabled") === true) {
      throw new ArmError(
        undefined,
        `${id} cannot be installed: ${text(inputs, "type") ?? ""} does not run on a machine with Secure Boot`,
      );
    }
  },
  outputs: () => ({
    instanceView: {
      statuses: [
        {
          code: "ProvisioningState/succeeded",
          level: "Warning",
          displayStatus: "Recorded",
          message: "The lab has no GPU: nothing was installed.",
        },
      ],
    },
  }),
};
