import type { Problem } from "#components/lib/problems.ts";
import { accessProblems } from "./access-problems.ts";
import { fileProblems } from "./file-problems.ts";
import { plainSecretProblems } from "./plain-secret-problems.ts";
import type { HostSpec } from "./host-spec.ts";
import { jailProblems } from "./jail-problems.ts";
import { networkProblems } from "./network-problems.ts";
import { unitProblems } from "./unit-problems.ts";

/** Everything that is wrong with a machine's specification, before anything of it is rendered or sent. */
export function hostProblems(spec: HostSpec): Problem[] {
  return [
    ...namingProblems(spec),
    ...accessProblems(spec),
    ...networkProblems(spec),
    ...(spec.units ?? []).flatMap(unitProblems),
    ...jailProblems(spec),
    ...fileProblems(spec),
    ...plainSecretProblems(spec),
  ];
}

function namingProblems({
  host,
  packages = [],
  sysctl = {},
  timeServers = [],
  confirmSeconds,
  nginx,
  wazuh,
}: HostSpec): Problem[] {
  const found: Problem[] = [];
  const must = (property: string, value: string, pattern: RegExp, expected: string): void => {
    if (!pattern.test(value)) found.push({ property, found: JSON.stringify(value), expected });
  };
  const hostName = /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/;
  must("host", host, /^[a-z][a-z0-9-]{0,62}$/, "small letters, digits and dashes, a letter first");
  for (const name of packages) must("packages", name, /^[a-z0-9][a-z0-9+.-]+$/, "the name of a Debian package");
  for (const [key, value] of Object.entries(sysctl)) {
    must("sysctl", key, /^[a-z0-9_]+(\.[a-zA-Z0-9_-]+)+$/, "a name as sysctl prints it");
    must(`sysctl.${key}`, value, /^[\w -]+$/, "one line of numbers or words");
  }
  for (const server of timeServers) must("timeServers", server, hostName, "a name or an address");
  for (const name of Object.keys(nginx?.sites ?? {}))
    must("nginx.sites", name, /^[a-z0-9][a-z0-9.-]*$/, "small letters, digits, dots and dashes");
  if (wazuh !== undefined) {
    must("wazuh.manager", wazuh.manager, hostName, "a name or an address");
    must("wazuh.group", wazuh.group, /^[\w.-]+$/, "the name of a group of agents");
  }
  if (
    confirmSeconds !== undefined &&
    !(Number.isInteger(confirmSeconds) && confirmSeconds >= 30 && confirmSeconds <= 900)
  ) {
    found.push({ property: "confirmSeconds", found: String(confirmSeconds), expected: "30 to 900" });
  }
  if (sysctl["net.ipv4.ip_forward"] !== undefined && sysctl["net.ipv4.ip_forward"] !== "1") {
    found.push({
      property: "sysctl.net.ipv4.ip_forward",
      found: sysctl["net.ipv4.ip_forward"],
      expected: "1: Docker routes between its bridges and the world",
    });
  }
  return found;
}
