import { z } from "zod";
import { isPublicKey } from "../lib/public-key.ts";
import type { Problem } from "../lib/problems.ts";
import { rangeOf } from "../network/address-set.ts";
import { removeCommand } from "../lib/config-command.ts";
import { isHostName } from "./forms.ts";
import { worded } from "./words.ts";
import type { DaemonAddress } from "./docker.ts";

const USER = /^[a-z_][a-z0-9_-]{0,31}$/;

/** Users that Debian's own packages and ours make, whose numbers and homes are theirs. */
const DEBIAN = new Set(
  (
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt " +
    "messagebus sshd polkitd tcpdump uuidd _chrony ntp ntpsec syslog wazuh docker"
  ).split(" "),
);

const userName = worded(
  z.string().refine((name) => USER.test(name) && !DEBIAN.has(name) && !name.startsWith("systemd-")),
  "a name in small letters, digits, _ and -, at most 32, which no user of Debian's has",
  "<name>",
);
const key = worded(z.string().refine(isPublicKey), "a whole public key on one line, as in a .pub file", "<public key>");
const keys = z.array(key).min(1);
const deployerUid = worded(z.int().min(1000).max(19_999), "a whole number from 1000 to 19999", "2000");
const uid = worded(z.int().min(1000).max(19_999), "a whole number from 1000 to 19999", "2001");
const sender = worded(
  z.string().refine((text) => rangeOf(text)?.family === 4 && !text.includes(":")),
  "an IPv4 address such as 203.0.113.10, or a block on its own network address such as 203.0.113.0/29",
  "<address>",
);
const timeServer = worded(z.string().refine(isHostName), "a host name or an IPv4 address", "0.debian.pool.ntp.org");
const machineName = worded(
  z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/),
  "small letters, digits and dashes, a letter first and no dash last, at most 63",
  "nuc",
);
const seconds = worded(z.int().min(30).max(900), "a whole number from 30 to 900", "120");
const people = worded(
  z.record(userName, z.strictObject({ uid, keys })).refine((operators) => Object.keys(operators).length > 0),
  "a mapping of names to uid and keys, with at least one, who can repair the machine",
  "",
);

/** `garrison:host`: who gets into a machine whose configuration is Garrison's, and from where. */
export const host = z.strictObject({
  name: machineName.describe("Name of the machine."),
  deployer: z
    .strictObject({
      name: userName.default("garrison").describe("User whom deployments log in as; the one of `docker.host`."),
      uid: deployerUid.default(2000).describe("Its number, which never changes on a machine."),
      keys: keys.describe("Its public keys, one line each."),
    })
    .describe("Whom deployments log in as."),
  operators: people.describe(
    "People who log in by ssh and may become root: `operators.alice: { uid: 2001, keys: […] }`.",
  ),
  operatorsFrom: z.array(sender).min(1).describe("IPv4 addresses and blocks that the operators come from."),
  deployerFrom: z.array(sender).min(1).describe("IPv4 addresses and blocks that deployments come from."),
  estate: z
    .array(sender)
    .default([])
    .describe("Addresses of the estate's other machines: never banned, let in nowhere by this."),
  timeServers: z.array(timeServer).min(1).optional().describe("Time servers. Default: Debian's pool."),
  confirmSeconds: seconds
    .default(120)
    .describe("Seconds in which a change that can lock the operators out must be confirmed over a new connection."),
});

export type HostSettings = z.infer<typeof host>;

/** A machine is configured over ssh only: the one that a program runs on is its operator's. */
export function needsSsh(given: unknown, docker: DaemonAddress | undefined): Problem[] {
  if (given === undefined || docker?.host.startsWith("unix://") !== true) return [];
  return [
    {
      property: "garrison:host",
      found: `a configuration of the machine, and Docker at ${docker.host}`,
      expected: "Docker by ssh:// where Garrison configures the machine, or no configuration",
      fix: removeCommand(["host"]),
    },
  ];
}
