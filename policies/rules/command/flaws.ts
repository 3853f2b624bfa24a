import { Properties, Unknowns } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Context, Finding, Rule } from "#lib/rule.ts";
import type { Started } from "#lib/started-containers.ts";
import { rule as capabilities } from "../container/capabilities.ts";
import { rule as cgroupParent } from "../container/cgroup-parent.ts";
import { rule as devices } from "../container/devices.ts";
import { rule as dockerApi } from "../container/docker-api.ts";
import { rule as groups } from "../container/groups.ts";
import { rule as hostNamespaces } from "../container/host-namespaces.ts";
import { rule as nameResolution } from "../container/name-resolution.ts";
import { rule as plantedFiles } from "../container/planted-files.ts";
import { rule as remoteShell } from "../container/remote-shell.ts";
import { rule as mountPropagation } from "../container/mount-propagation.ts";
import { rule as privileged } from "../container/privileged.ts";
import { rule as publishedPorts } from "../container/published-ports.ts";
import { rule as securityProfiles } from "../container/security-profiles.ts";
import { rule as sensitiveMounts } from "../container/sensitive-mounts.ts";
import { rule as sysctls } from "../container/sysctls.ts";
import { rule as build } from "../docker/build.ts";
import { rule as plugin } from "../docker/plugin.ts";
import { rule as provider } from "../docker/provider.ts";
import { rule as driver } from "../network/driver.ts";

/** The rules on what is given. What a command leaves out is left to them who write containers as resources. */
const ON_GIVEN: readonly Rule[] = [
  privileged,
  capabilities,
  securityProfiles,
  groups,
  devices,
  sensitiveMounts,
  mountPropagation,
  hostNamespaces,
  sysctls,
  publishedPorts,
  dockerApi,
  cgroupParent,
  nameResolution,
  plantedFiles,
  remoteShell,
  driver,
  build,
  plugin,
  provider,
];

/** What the rules on resources say of something that a script makes. */
export function flawsOf({ what, made, flaw }: Started, context: Context): Omit<Finding, "property">[] {
  if (flaw !== undefined) return [{ found: `${what} with ${flaw.found}`, expected: flaw.expected }];
  if (made === undefined) return [];
  const unknowns = new Unknowns();
  const resource: Resource = {
    urn: "",
    name: what,
    type: made.type,
    token: made.type,
    properties: new Properties(made.values, unknowns),
    unknowns,
    secrets: new Set(),
  };
  return ON_GIVEN.filter(({ types }) => types.includes(made.type))
    .flatMap((rule) => rule.check?.(resource, context) ?? [])
    .map(({ property, found, expected }) => ({ found: `${what} with ${property} of ${found}`, expected }));
}
