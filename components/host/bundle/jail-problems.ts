import type { Problem } from "#components/lib/problems.ts";
import type { HostSpec } from "./host-spec.ts";
import { ofNginx } from "./jail.ts";
import type { Jail } from "./jail.ts";
import { jailsOf } from "./machine-jails.ts";

/** What can be said of jails without fail2ban; the machine's own compiles their expressions. */
export function jailProblems(spec: HostSpec): Problem[] {
  const { jails = {} } = spec;
  const known = Object.keys(jailsOf({ ...spec, jails: {} }));
  return Object.entries(jails).flatMap(([name, jail]) => {
    const property = `jails.${name}`;
    if (spec.fail2ban === false)
      return [{ property, found: "a jail of a machine without fail2ban", expected: "none, or fail2ban" }];
    return [
      ...(/^[a-z][a-z0-9-]{0,25}$/.test(name)
        ? []
        : [{ property, found: JSON.stringify(name), expected: "small letters, digits and dashes, a letter first" }]),
      ...(known.includes(name)
        ? [{ property, found: "a jail that every such machine has", expected: "another name" }]
        : []),
      ...problemsOf(property, jail, spec),
    ];
  });
}

function problemsOf(property: string, jail: Jail, { nginx }: HostSpec): Problem[] {
  const found: Problem[] = [];
  const add = (field: string, value: string, expected: string): void => {
    found.push({ property: `${property}.${field}`, found: value, expected });
  };
  const { filter, reads, ports, maxRetry, findSeconds, banSeconds } = jail;
  const words = typeof filter === "string" ? [filter] : filter;
  if (words.length === 0 || words.some((line) => line.trim() === "" || /[\n\r\0]/.test(line)))
    add("filter", JSON.stringify(filter), "one line or several, none of them empty");
  if (typeof filter !== "string" && !ofNginx(jail))
    add("filter", "lines of our own", "a filter of fail2ban: ours are for access logs of Nginx");
  if (ofNginx(jail) && nginx === undefined) add("reads", JSON.stringify(reads), "nginx, whose logs it reads");
  if (typeof reads === "object" && "accessesOf" in reads && nginx?.sites[reads.accessesOf] === undefined)
    add("reads", reads.accessesOf, `a site: ${Object.keys(nginx?.sites ?? {}).join(", ") || "there is none"}`);
  if (typeof reads === "object" && "file" in reads && !/^(\/[\w@+:,.-]+)+$/.test(reads.file))
    add("reads", JSON.stringify(reads.file), "an absolute path without blanks");
  if (ports !== "all" && (ports.length === 0 || ports.some((port) => !isPort(port))))
    add("ports", JSON.stringify(ports), "ports by number, 1 to 65535, or by the name of a service");
  for (const [field, value] of Object.entries({ maxRetry, findSeconds, banSeconds }))
    if (!Number.isInteger(value) || value < 1) add(field, String(value), "a whole number from 1");
  return found;
}

function isPort(port: number | string): boolean {
  return typeof port === "string"
    ? /^[a-z][a-z0-9-]*$/.test(port)
    : Number.isInteger(port) && port > 0 && port < 65_536;
}
