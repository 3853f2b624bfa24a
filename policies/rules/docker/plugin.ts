import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { dangerOf } from "../../../containment/host-path.ts";

/** What a plugin may ask for that is as good as root on the host, in the daemon's words without what separates them. */
const GRAVE = /^(network|mount|device|capabilities|(host)?(pid|ipc)(host|namespace)*|allowalldevices)$/;

/** What Docker gives every container; more than that a plugin has for what it does to the host. */
const USUAL = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID".split(
    " ",
  ),
);

export const rule: Rule = {
  id: "docker.plugin",
  title: "A Docker plugin gets no permission over the host that nobody read.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.5", "OWASP ASI04"],
  why: "A plugin runs beside the daemon with what it asks for, which is often the host's network, devices and mounts.",
  fix: "List in `grantPermissions` what the plugin may have, by name and value, and leave out what reaches the host.",
  waivable: "by-configuration",
  types: [type.plugin],
  check: ({ properties }) => [
    ...(properties.flag("grantAllPermissions") === true
      ? [{ property: "grantAllPermissions", found: "true", expected: "the permissions one by one" }]
      : []),
    ...properties.objects("grantPermissions").flatMap((grant) => {
      const name = grant.text("name") ?? "";
      const values = grant.texts("values").map(({ value }) => value);
      const kind = name.toLowerCase().replaceAll(/[\s_-]/g, "");
      if (!GRAVE.test(kind) || !values.some((value) => reachesOut(kind, value.trim()))) return [];
      const found = `${name} of ${show(values)}`;
      return [{ property: grant.path("values"), found, expected: "no permission over the host" }];
    }),
  ],
  examples: {
    good: [
      plugin("No permission", { grantAllPermissions: false }),
      plugin("A permission over its own state", {
        grantPermissions: [{ name: "mount", values: ["/var/lib/example"] }],
      }),
    ],
    bad: [
      plugin("Whatever it asks for", { grantAllPermissions: true }),
      plugin("The host's network", { grantPermissions: [{ name: "network", values: ["host"] }] }),
      plugin("The whole host", { grantPermissions: [{ name: "mount", values: ["/"] }] }),
      plugin("Docker's own files", { grantPermissions: [{ name: "mount", values: ["/var/lib/docker"] }] }),
      plugin("The host's processes", { grantPermissions: [{ name: "host pid namespace", values: ["true"] }] }),
      plugin("A capability that reads every file", {
        grantPermissions: [{ name: "capabilities", values: ["CAP_DAC_READ_SEARCH"] }],
      }),
      plugin("A capability", { grantPermissions: [{ name: "capabilities", values: ["CAP_SYS_ADMIN"] }] }),
    ],
  },
};

function reachesOut(kind: string, value: string): boolean {
  if (value === "" || /^(false|none)$/i.test(value)) return false;
  switch (kind) {
    case "mount":
      return !value.startsWith("/") || dangerOf(value, { readOnly: false }) !== undefined;
    case "capabilities":
      return !USUAL.has(value.toUpperCase().replace(/^CAP_/, ""));
    case "network":
      return /^(host|container:.*)$/i.test(value);
    default:
      return true;
  }
}

function plugin(title: string, changes: Readonly<Record<string, unknown>>): Example {
  const properties = { name: "example/volumes:1", ...changes };
  return { title, resources: [{ type: type.plugin, name: "plugin", properties }] };
}
