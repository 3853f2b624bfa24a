import { of, storageAccount } from "#lib/azure-examples.ts";
import { azure } from "#lib/azure-types.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "azure.storage-transport",
  title: "Storage speaks HTTPS only, with TLS 1.2 or later.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "Over plain HTTP, or a TLS that is broken, everybody on the way reads the data and the keys.",
  fix: "Leave `enableHttpsTrafficOnly` true and set `minimumTlsVersion` to TLS1_2.",
  waivable: "by-configuration",
  types: [azure.storageAccount],
  check: ({ properties }) => {
    const found: Finding[] = ["enableHttpsTrafficOnly", "supportsHttpsTrafficOnly"]
      .filter((name) => properties.flag(name) === false)
      .map((name) => ({ property: properties.path(name), found: "false", expected: "true" }));
    const version = properties.text("minimumTlsVersion");
    if (/^tls1_[23]$/i.test(version ?? "")) return found;
    return [
      ...found,
      { property: properties.path("minimumTlsVersion"), found: show(version), expected: "TLS1_2 or later" },
    ];
  },
  examples: {
    good: [
      of("HTTPS and TLS 1.2", storageAccount("tgboth")),
      of("HTTPS is the default", storageAccount("tgdefault", { enableHttpsTrafficOnly: undefined })),
    ],
    bad: [
      of("Plain HTTP", storageAccount("tbplain", { enableHttpsTrafficOnly: false })),
      of("An old TLS", storageAccount("tbold", { minimumTlsVersion: "TLS1_0" })),
      of("Any TLS, which is the default", storageAccount("tbany", { minimumTlsVersion: undefined })),
    ],
  },
};
