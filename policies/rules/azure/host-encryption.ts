import { machine, of, scaleSet } from "#lib/azure-examples.ts";
import { isText, profileOf } from "#lib/azure-resources.ts";
import { machineTypes } from "#lib/azure-types.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "azure.host-encryption",
  title: "Every machine's disks are encrypted on their way to the storage and in the host's caches.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "Encryption at rest begins in the storage: temporary disks and caches lie in clear on the host without it.",
  fix: "Set `securityProfile.encryptionAtHost` to true; the subscription needs the feature Microsoft.Compute/EncryptionAtHost.",
  waivable: "by-configuration",
  types: machineTypes,
  check: (resource) => {
    const security = profileOf(resource).object("securityProfile");
    // A confidential machine's memory and disks are closed to the host itself.
    if (isText(security.text("securityType"), "ConfidentialVM")) return [];
    if (security.flag("encryptionAtHost") === true || security.isUnknown("securityType")) return [];
    const found = show(security.get("encryptionAtHost"));
    return [{ property: security.path("encryptionAtHost"), found, expected: "true" }];
  },
  examples: {
    good: [
      of("Encrypted at the host", machine("hg-host")),
      of("A confidential machine", machine("hg-sealed", { securityProfile: { securityType: "ConfidentialVM" } })),
      of("In a scale set", scaleSet("hg-set")),
    ],
    bad: [
      of("Nothing said", machine("hb-missing", { securityProfile: undefined })),
      of("Trusted Launch alone", machine("hb-launch", { securityProfile: { securityType: "TrustedLaunch" } })),
      of("Switched off", machine("hb-off", { securityProfile: { encryptionAtHost: false } })),
      of("In a scale set", scaleSet("hb-set", { securityProfile: {} })),
    ],
  },
};
