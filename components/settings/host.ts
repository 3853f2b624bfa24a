import { z } from "zod";
import type { Problem } from "../lib/problems.ts";
import type { DaemonAddress } from "./docker.ts";

const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
const PUBLIC_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}={0,2}( [^\n]*)?$/;
const HOST_NAME = /^[a-z][a-z0-9-]{0,62}$/;

const userName = z.string().regex(USER, "small letters, digits, _ and -, at most 32");
const keys = z.array(z.string().regex(PUBLIC_KEY, "a public key on one line, as in a .pub file")).min(1);
const uid = z.int().min(1000).max(19_999);
const sender = z.string().min(1);

/** `garrison:host`: who gets into a machine whose configuration is Garrison's, and from where. */
export const host = z.strictObject({
  name: z.string().regex(HOST_NAME, "letters, digits and dashes").describe("Name of the machine."),
  deployer: z
    .strictObject({
      name: userName.default("garrison").describe("User whom deployments log in as; the one of `docker.host`."),
      uid: uid.default(2000).describe("Its number, which never changes on a machine."),
      keys: keys.describe("Its public keys, one line each."),
    })
    .describe("Whom deployments log in as."),
  operators: z
    .record(userName, z.strictObject({ uid, keys }))
    .refine((operators) => Object.keys(operators).length > 0, "at least one, who can repair the machine")
    .describe("People who log in by ssh and may become root: `operators.alice: { uid: 2001, keys: […] }`."),
  operatorsFrom: z.array(sender).min(1).describe("IPv4 addresses and blocks that the operators come from."),
  deployerFrom: z.array(sender).min(1).describe("IPv4 addresses and blocks that deployments come from."),
  estate: z
    .array(sender)
    .default([])
    .describe("Addresses of the estate's other machines: never banned, let in nowhere by this."),
  timeServers: z.array(z.string().min(1)).optional().describe("Time servers. Default: Debian's pool."),
  confirmSeconds: z
    .int()
    .min(30)
    .max(900)
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
      fix: "pulumi config rm garrison:host",
    },
  ];
}
