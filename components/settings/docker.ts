import { z } from "zod";
import { isHostKey } from "../lib/public-key.ts";
import type { Problem } from "../lib/problems.ts";
import { isCidr } from "../network/address.ts";
import { removeCommand, setCommand } from "../lib/config-command.ts";
import { isHostName, isPort } from "./forms.ts";
import { worded } from "./words.ts";

const LOCAL = /^unix:\/\/\/\S+$/;
const REMOTE = /^ssh:\/\/[A-Za-z_][\w-]*@([\w.-]+)(?::(\d{1,5}))?$/;

/** The block that Docker gives its own bridge where nobody tells it another. */
const DOCKER_BRIDGE = "172.17.0.0/16";
/** What only the operator knows. */
export const HOST_KEY = "ssh-ed25519 <key of the machine>";
export const DAEMON = "ssh://garrison@<machine>";

/** `garrison:docker`: where a machine's Docker daemon is. */
export const docker = z.strictObject({
  host: worded(z.string().refine(isDaemon), "unix:///path/to/docker.sock or ssh://user@host[:port]", DAEMON).describe(
    "Docker daemon of the machine: `unix:///var/run/docker.sock`, or `ssh://user@host[:port]`.",
  ),
  hostKey: worded(
    z.string().refine(isHostKey),
    "the machine's public host key, whole and without a comment, as its /etc/ssh/ssh_host_ed25519_key.pub has it",
    HOST_KEY,
  )
    .optional()
    .describe("Public host key of an `ssh://` machine, which must have one; a connection to any other key is refused."),
  identityFile: worded(
    z.string().regex(/^\S(?:[^\n\r]*\S)?$/),
    "the path of a private key file",
    "/home/you/.ssh/id_ed25519",
  )
    .optional()
    .describe("Private key file for an `ssh://` machine; without it, the keys that ssh finds itself."),
  cgroupDriver: z
    .enum(["systemd", "cgroupfs"])
    .default("systemd")
    .describe("The daemon's cgroup driver (`docker info`); checked against the daemon before a container starts."),
  bridge: worded(
    z.string().refine(isCidr),
    `an IPv4 block on its own network address such as ${DOCKER_BRIDGE}`,
    DOCKER_BRIDGE,
  )
    .optional()
    .describe(
      "Address block of the daemon's own bridge (`docker network inspect bridge`), which the estate keeps clear of. " +
        `Default: \`${DOCKER_BRIDGE}\`, Docker's own.`,
    ),
});

/** The block of the daemon's own bridge, which is there whether anybody uses it or not. */
export function bridgeOf({ bridge = DOCKER_BRIDGE }: { readonly bridge?: string | undefined }): string {
  return bridge;
}

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
        fix: removeCommand(["docker", key]),
      }));
  }
  if (hostKey !== undefined) return [];
  return [
    {
      property: "garrison:docker.hostKey",
      found: "nothing",
      expected: `the public host key of ${host}, read on the machine itself: cat /etc/ssh/ssh_host_ed25519_key.pub`,
      fix: setCommand(["docker", "hostKey"], HOST_KEY),
    },
  ];
}

function isDaemon(text: string): boolean {
  const [whole, name = "", port] = REMOTE.exec(text) ?? [];
  return whole === undefined ? LOCAL.test(text) : isHostName(name) && (port === undefined || isPort(port));
}
