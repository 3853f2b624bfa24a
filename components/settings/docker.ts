import { z } from "zod";
import type { Problem } from "../lib/problems.ts";

const HOST = /^unix:\/\/\/\S+$|^ssh:\/\/[a-z_][\w-]*@[\w.-]+(:\d{1,5})?$/i;
const HOST_KEY = /^(ssh-ed25519|ecdsa-sha2-nistp\d{3}|ssh-rsa) [A-Za-z0-9+/]+=*$/;

/** `garrison:docker`: where a machine's Docker daemon is. */
export const docker = z.strictObject({
  host: z
    .string()
    .regex(HOST, "unix:///path/to/docker.sock or ssh://user@host[:port]")
    .describe("Docker daemon of the machine: `unix:///var/run/docker.sock`, or `ssh://user@host[:port]`."),
  hostKey: z
    .string()
    .regex(HOST_KEY, 'the machine\'s public host key, like "ssh-ed25519 AAAA…"')
    .optional()
    .describe("Public host key of an `ssh://` machine, which must have one; a connection to any other key is refused."),
  identityFile: z
    .string()
    .min(1)
    .optional()
    .describe("Private key file for an `ssh://` machine; without it, the keys that ssh finds itself."),
  cgroupDriver: z
    .enum(["systemd", "cgroupfs"])
    .default("systemd")
    .describe("The daemon's cgroup driver (`docker info`); checked against the daemon before a container starts."),
});

/** As much of the daemon's settings as the rules below need, so that another mistake there does not hide theirs. */
export const daemonAddress = docker.pick({ host: true }).loose();

export type DaemonAddress = z.infer<typeof daemonAddress>;

/** Rules that need more than one setting of the daemon. */
export function dockerProblems(settings: DaemonAddress | undefined): Problem[] {
  if (settings === undefined) return [];
  const { host, hostKey, identityFile } = settings;
  if (host.startsWith("unix://")) {
    const given = { hostKey, identityFile };
    return Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => ({
        property: `garrison:docker.${key}`,
        found: "a value for a local socket",
        expected: "nothing: it only has a meaning for ssh:// hosts",
        fix: `pulumi config rm --path garrison:docker.${key}`,
      }));
  }
  if (hostKey !== undefined) return [];
  return [
    {
      property: "garrison:docker.hostKey",
      found: "nothing",
      expected: `the public host key of ${host}, read on the machine itself: cat /etc/ssh/ssh_host_ed25519_key.pub`,
      fix: `pulumi config set --path garrison:docker.hostKey "ssh-ed25519 AAAA…"`,
    },
  ];
}
