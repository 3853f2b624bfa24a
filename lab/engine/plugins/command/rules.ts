import { z } from "zod";

/** A host key as a line of `/etc/ssh/ssh_host_*_key.pub`: type, key, and maybe a comment. */
const hostKey = z
  .string()
  .regex(/^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*(\s.*)?\s*$/, "is not a public host key (`ssh-ed25519 AAAA…`)");

const endpoint = z.object({
  host: z.string().min(1, "is empty"),
  port: z.number().int().min(1).max(65535).default(22),
  user: z.string().min(1).default("root"),
  password: z.string().optional(),
  privateKey: z.string().optional(),
  privateKeyPassword: z.string().optional(),
  agentSocketPath: z.string().optional(),
  /** Without one nothing is dialled; a preview dials nothing, and the official plugin takes any key. */
  hostKey: hostKey.optional(),
  dialErrorLimit: z.int().min(-1, "must be -1 (no limit) or more").default(10),
  perDialTimeout: z.int().nonnegative("must not be negative").default(15),
});

export const connectionRules = endpoint.extend({ proxy: endpoint.optional() });

export type Endpoint = z.infer<typeof endpoint>;
export type Connection = z.infer<typeof connectionRules>;

const logging = z.enum(["none", "stdout", "stderr", "stdoutAndStderr"]).default("stdoutAndStderr");
export type Logging = z.infer<typeof logging>;

const command = z.object({
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  stdin: z.string().optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/, "is not the name of a variable"), z.string()).default({}),
  addPreviousOutputInEnv: z.boolean().default(true),
  logging,
});

export const localRules = command.extend({
  dir: z.string().optional(),
  interpreter: z.array(z.string()).default([]),
});

export const remoteRules = command.extend({ connection: connectionRules });

export type LocalCommand = z.infer<typeof localRules>;
