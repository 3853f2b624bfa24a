import { join } from "node:path";
import type { HostFile, HostUnit } from "#components/host/bundle/host-spec.ts";
import { shellFile } from "#components/lib/shell.ts";
import type { PlannedCertificate } from "./options.ts";

/** Below it, a directory for each site: what nginx is told of its certificate once it is there. */
const STATE = "/var/lib/garrison/tls";
const LIST = "/etc/nginx/garrison-certificates";
const PROGRAM = "/usr/local/sbin/garrison-certificates";
const UNIT = "garrison-certificates";

/** What a server block includes; no file is no mistake to nginx. */
export function certificateInclude(site: string): string {
  return `${STATE}/${site}/*.conf`;
}

/** The program that looks for certificates, and what it is told of them. */
export function certificateFiles(certificates: readonly PlannedCertificate[]): HostFile[] {
  const actions = [`4:restart:${UNIT}.service`] as const;
  const lines = certificates.map(({ site, certificate, key }) => `${site} ${certificate} ${key}\n`);
  return [
    { path: LIST, content: lines.join(""), actions },
    { path: PROGRAM, content: certificateProgram(), mode: "0755", check: "sh", actions },
  ];
}

/** Looks at each start, when a file changes, and once a day for what ends soon. */
export function certificateUnits(certificates: readonly PlannedCertificate[]): HostUnit[] {
  return [
    {
      name: `${UNIT}.service`,
      unit: { Description: "Has nginx serve the sites whose certificates are there", After: "nginx.service" },
      service: { Type: "oneshot", ExecStart: `${PROGRAM} ${LIST} ${STATE}`, StateDirectory: "garrison/tls" },
    },
    {
      name: `${UNIT}.timer`,
      unit: { Description: "Looks once a day for certificates that end soon" },
      timer: { OnBootSec: "1min", OnCalendar: "*-*-* 07:30", Persistent: "yes" },
      install: { WantedBy: "timers.target" },
    },
    ...(certificates.length === 0
      ? []
      : [
          {
            name: `${UNIT}.path`,
            unit: { Description: "Looks when a certificate is new" },
            path: { PathChanged: [...new Set(certificates.flatMap(({ certificate, key }) => [certificate, key]))] },
            install: { WantedBy: "multi-user.target" },
          },
        ]),
  ];
}

/** Takes the file with the list and the directory of what nginx is told. */
export function certificateProgram(): string {
  const text = shellFile(join(import.meta.dirname, "certificates.sh"));
  return `#!/bin/sh\n# Made by Garrison; a change by hand does not stay.\n${text}main "$@"\n`;
}
