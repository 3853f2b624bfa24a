import { disk, of, resource } from "#lib/azure-examples.ts";
import { isText } from "#lib/azure-resources.ts";
import { azure } from "#lib/azure-types.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "azure.disk-export",
  title: "No disk and no snapshot can be downloaded over the internet.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "Whoever may make a link to an open disk can fetch all of it from anywhere, and the link works for everybody.",
  fix: "Set `networkAccessPolicy` to DenyAll, or `publicNetworkAccess` to Disabled.",
  waivable: "by-configuration",
  types: [azure.disk, azure.snapshot],
  check: ({ properties }) => {
    const policy = properties.text("networkAccessPolicy");
    const closed = isText(policy, "DenyAll") || isText(policy, "AllowPrivate");
    if (closed || isText(properties.text("publicNetworkAccess"), "Disabled")) return [];
    if (properties.isUnknown("publicNetworkAccess")) return [];
    return [
      { property: properties.path("networkAccessPolicy"), found: show(policy), expected: "DenyAll or AllowPrivate" },
    ];
  },
  examples: {
    good: [
      of("No export", disk("xg-denied", { publicNetworkAccess: undefined })),
      of("Private export", disk("xg-private", { networkAccessPolicy: "AllowPrivate" })),
      of("Not from the internet", disk("xg-closed", { networkAccessPolicy: "AllowAll" })),
    ],
    bad: [
      of(
        "Open unless it says otherwise",
        disk("xb-missing", { networkAccessPolicy: undefined, publicNetworkAccess: undefined }),
      ),
      of(
        "A snapshot",
        resource(azure.snapshot, "xb-snapshot", {
          snapshotName: "xb-snapshot",
          creationData: { createOption: "Copy" },
          networkAccessPolicy: "AllowAll",
        }),
      ),
      of("Open", disk("xb-open", { networkAccessPolicy: "AllowAll", publicNetworkAccess: "Enabled" })),
    ],
  },
};
