import { show } from "../../lib/properties.ts";
import type { Example, Rule } from "../../lib/rule.ts";
import { type } from "../../lib/types.ts";

/** What a plugin may ask for that is as good as root on the host. */
const GRAVE = /^(network|mount|device|capabilities|pid ?host|ipc ?host|allow-all-devices)$/i;

export const rule: Rule = {
  id: "docker.plugin",
  title: "A Docker plugin is pinned and gets only permissions that were read.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.5", "OWASP ASI04"],
  why: "A plugin runs beside the daemon with what it asks for, which is often the host's network, devices and mounts.",
  fix: "List in `grantPermissions` what the plugin may have, by name and value; name the plugin by digest.",
  waivable: "by-configuration",
  types: [type.plugin],
  check: ({ properties }) => [
    ...(properties.flag("grantAllPermissions") === true
      ? [{ property: "grantAllPermissions", found: "true", expected: "the permissions one by one" }]
      : []),
    ...properties.objects("grantPermissions").flatMap((grant) => {
      const name = grant.text("name") ?? "";
      const values = grant.texts("values").map(({ value }) => value);
      if (!GRAVE.test(name.trim()) || !values.some(reachesOut)) return [];
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
      plugin("A capability", { grantPermissions: [{ name: "capabilities", values: ["CAP_SYS_ADMIN"] }] }),
    ],
  },
};

function reachesOut(value: string): boolean {
  return /^(host|true|\/|\/(dev|etc|proc|run|sys|var\/run)(\/.*)?|(CAP_)?SYS_\w+|(CAP_)?(ALL|NET_ADMIN)|\*)$/i.test(
    value.trim(),
  );
}

function plugin(title: string, changes: Readonly<Record<string, unknown>>): Example {
  const properties = { name: "example/volumes:1", ...changes };
  return { title, resources: [{ type: type.plugin, name: "plugin", properties }] };
}
