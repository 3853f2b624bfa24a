import { z } from "zod";

const strings = z.array(z.string());

/**
 * Every field of a hardened container's posture that Compose has a word for. Strict on purpose: a field that is new
 * in the posture fails here until Compose does the same work.
 */
export const postureFields = z.strictObject({
  name: z.string(),
  image: z.string(),
  hostname: z.string(),
  user: z.string(),
  entrypoints: strings.optional(),
  command: strings.optional(),
  envs: strings,
  labels: z.array(z.strictObject({ label: z.string(), value: z.string() })),

  readOnly: z.boolean(),
  privileged: z.literal(false),
  capabilities: z.strictObject({ drops: strings, adds: strings.optional() }),
  securityOpts: strings,
  runtime: z.string().optional(),
  ipcMode: z.string(),
  cgroupnsMode: z.string(),
  init: z.boolean(),

  memory: z.number(),
  memorySwap: z.number(),
  cpuPeriod: z.number(),
  cpuQuota: z.number(),
  cgroupParent: z.string().optional(),
  ulimits: z.array(z.strictObject({ name: z.string(), soft: z.number(), hard: z.number() })).optional(),

  tmpfs: z.record(z.string(), z.string()).optional(),
  mounts: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({
          type: z.literal("volume"),
          target: z.string(),
          source: z.string(),
        }),
        z.strictObject({ type: z.literal("bind"), target: z.string(), source: z.string(), readOnly: z.literal(true) }),
      ]),
    )
    .optional(),

  networkMode: z.string().optional(),
  dns: strings.optional(),
  hosts: z.array(z.strictObject({ host: z.string(), ip: z.string() })).optional(),
  networksAdvanced: z
    .array(z.strictObject({ name: z.string(), aliases: strings, ipv4Address: z.string().optional() }))
    .optional(),
  ports: z
    .array(
      z.strictObject({
        internal: z.number(),
        external: z.number(),
        ip: z.string(),
        protocol: z.literal("tcp"),
      }),
    )
    .optional(),

  healthcheck: z.strictObject({
    tests: strings,
    interval: z.string(),
    timeout: z.string(),
    retries: z.number(),
    startPeriod: z.string(),
  }),
  logDriver: z.string(),
  logOpts: z.record(z.string(), z.string()),
  restart: z.string(),
  stopTimeout: z.number(),
  /** The provider's own grace for a removal; Compose uses `stop_grace_period` for both. */
  destroyGraceSeconds: z.number(),
  /** How the provider waits; `docker compose up --wait --wait-timeout` does the same for all containers at once. */
  mustRun: z.literal(true),
  wait: z.literal(true),
  waitTimeout: z.number(),
});

/** The posture of one container as plain values. */
export type PostureFields = z.infer<typeof postureFields>;
