import { z } from "zod";

/** Raised when a field goes or changes its meaning: one side may be an older checkout. */
export const SIDE_VERSION = 1;

const text = z.string();
const texts = z.array(text);

/** A connection that may be begun. Ports are written `8080` or `53/udp`; none is any. */
const path = z.object({ from: text, to: text, port: text, over: text, why: text });

/** A name on the internet that a proxy fetches for a client: `.example.org` with all below it, `*` for every name. */
const proxied = z.object({ from: text, through: text, name: text, why: text });

/** A port that something outside of the containers may connect to. `from` is a block, or who it is. */
const opening = z.object({ on: text, port: text, from: text, public: z.boolean(), why: text });

/** A secret that a service holds, by the paths at which it finds it. Never its value. */
const credential = z.object({
  secret: text,
  opens: text,
  reader: text,
  /** `hash`: enough to check it; `certificate`: the public half. */
  holds: z.enum(["value", "hash", "certificate"]),
  at: texts,
});

/** What a container may do to its machine that a hardened one may not. */
const power = z.object({ of: text, power: text });

const secret = z.object({ name: text, opens: text, generation: z.number(), rotated: text.optional(), readers: texts });

/** Something with data on it. Another `made` has to be made anew; `size` is in GiB. */
const store = z.object({
  kind: z.enum(["volume", "disk"]),
  name: text,
  made: text,
  size: z.number().optional(),
  /** Whether it outlives its resource. */
  kept: z.boolean(),
});

/** A volume that a service finds at a path. */
const mount = z.object({ of: text, at: text, store: text, writable: z.boolean() });

/** Something that runs. `replaces` and `updates` have a hash for each property, never a value. */
const runs = z.object({
  kind: z.enum(["container", "machine"]),
  name: text,
  image: text,
  replaces: z.record(text, text),
  updates: z.record(text, text),
  networks: texts,
  /** Seconds from the signal to its end, and the longest until it is healthy. */
  stop: z.number().optional(),
  start: z.number().optional(),
});

const network = z.object({ name: text, made: text });

/** What the machine is told. Another `made` is told anew. */
const command = z.object({ name: text, made: text });

const waiver = z.object({
  of: text,
  rule: text,
  adds: texts,
  reason: text,
  owner: text,
  expires: text,
});

const finding = z.object({ rule: text, severity: text, level: text, resource: text, property: text, found: text });

const rule = z.object({ id: text, level: text, waivable: text });

/** What the engine would do to something with data on it, or that runs: of a preview only. */
const step = z.object({ op: text, type: text, name: text, because: texts });

/** One side of a comparison: everything that a report may say of it, as plain data without any secret. */
export const sideSchema = z.object({
  version: z.literal(SIDE_VERSION),
  stack: text,
  /** `plan`: a Garrison checkout's own planner; `preview`: the engine's JSON of any program. */
  source: z.enum(["plan", "preview"]),
  paths: z.array(path),
  proxied: z.array(proxied),
  openings: z.array(opening),
  credentials: z.array(credential),
  powers: z.array(power),
  secrets: z.array(secret),
  stores: z.array(store),
  mounts: z.array(mount),
  runs: z.array(runs),
  networks: z.array(network),
  commands: z.array(command),
  waivers: z.array(waiver),
  findings: z.array(finding),
  rules: z.array(rule),
  switchedOff: z.array(z.object({ service: text, why: text })),
  steps: z.array(step),
  /** Resources by type. */
  counts: z.record(text, z.number()),
});

export type Side = z.infer<typeof sideSchema>;
export type Part<Name extends keyof Side> = Side[Name] extends readonly (infer One)[] ? One : never;
