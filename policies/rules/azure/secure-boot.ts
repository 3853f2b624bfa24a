import { machine, of } from "#lib/azure-examples.ts";
import { profileOf } from "#lib/azure-resources.ts";
import { machineTypes } from "#lib/azure-types.ts";
import type { Rule } from "#lib/rule.ts";

const launch = (secureBootEnabled: boolean) => ({
  securityProfile: { encryptionAtHost: true, securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled } },
});

export const rule: Rule = {
  id: "azure.secure-boot",
  title: "No machine has Secure Boot switched off.",
  severity: "low",
  level: "advisory",
  references: [],
  why: "Without it a kernel or a boot loader that somebody changed starts like any other, below every check on the machine.",
  fix: "Remove `secureBootEnabled`, or set it to true; sign the modules that it refuses.",
  waivable: "by-configuration",
  types: machineTypes,
  check: (one) => {
    const settings = profileOf(one).object("securityProfile").object("uefiSettings");
    return ["secureBootEnabled", "vTpmEnabled"]
      .filter((name) => settings.flag(name) === false)
      .map((name) => ({ property: settings.path(name), found: "false", expected: "true" }));
  },
  examples: {
    good: [of("Secure Boot", machine("sg-on", launch(true))), of("Nothing said", machine("sg-none"))],
    bad: [of("Switched off", machine("sb-off", launch(false)))],
  },
};
