import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { JoinedContainer } from "./posture.ts";

const text = z.string();
const texts = z.array(text);
const number = z.number();
const flag = z.boolean();
const mapping = z.record(text, text);
const throttles = z.array(z.strictObject({ path: text, rate: number })).optional();
/** Only the name of a network may come later. */
const pending = z.custom<pulumi.Output<string> | Promise<string>>(
  (value) => pulumi.Output.isInstance(value) || value instanceof Promise,
);

const health = z.strictObject({
  test: texts,
  interval: number.optional(),
  timeout: number.optional(),
  retries: number.optional(),
  startPeriod: number.optional(),
});
const writable = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("volume"), volume: text }),
  z.strictObject({ type: z.literal("tmpfs"), size: number, mode: text.optional(), exec: flag.optional() }),
  z.strictObject({ type: z.literal("bind"), source: text }),
]);
const published = z.strictObject({
  internal: z.union([number, text]),
  external: z.union([number, text]).optional(),
  protocol: z.enum(["tcp", "udp", "sctp"]).optional(),
  ip: text.optional(),
});
const deviceRequest = z.strictObject({
  driver: text.optional(),
  count: number.optional(),
  deviceIds: texts.optional(),
  capabilities: texts.optional(),
  options: mapping.optional(),
});

/** The shape of what a container can be told; the compiler keeps the list whole, and looks at literals only. */
const OPTIONS = {
  agent: flag.optional(),
  aliases: texts.optional(),
  cgroupParent: text.optional(),
  command: texts.optional(),
  containerName: text,
  cpuSet: text.optional(),
  cpuShares: number.optional(),
  cpus: number,
  deviceCgroupRules: texts.optional(),
  deviceReadBps: throttles,
  deviceReadIops: throttles,
  deviceRequests: z.array(deviceRequest).optional(),
  deviceWriteBps: throttles,
  deviceWriteIops: throttles,
  devices: z
    .array(z.strictObject({ hostPath: text, containerPath: text.optional(), permissions: text.optional() }))
    .optional(),
  dnsOpts: texts.optional(),
  dnsSearches: texts.optional(),
  domainname: text.optional(),
  entrypoint: texts.optional(),
  environment: mapping.optional(),
  gpus: text.optional(),
  groupAdds: texts.optional(),
  health: z.union([z.enum(["image", "none"]), health]),
  hostname: text.optional(),
  hosts: mapping.optional(),
  image: text,
  init: flag.optional(),
  job: flag.optional(),
  labels: mapping.optional(),
  listens: z.array(number),
  logDriver: text.optional(),
  logOpts: mapping.optional(),
  maxRetryCount: number.optional(),
  memory: number,
  memoryReservation: number.optional(),
  mounts: mapping.optional(),
  networks: z.array(z.strictObject({ name: z.union([text, pending]), address: text.optional() })),
  ownResolvers: texts.optional(),
  pids: number,
  platform: text.optional(),
  profiles: z.strictObject({ seccomp: text.optional(), apparmor: text.optional(), label: texts.optional() }).optional(),
  publishAddress: text.optional(),
  publishes: z.array(z.union([number, published])).optional(),
  resolvers: texts.optional(),
  restart: z.enum(["no", "on-failure", "unless-stopped", "always"]).optional(),
  runtime: text.optional(),
  shmSize: number.optional(),
  startSeconds: number.optional(),
  stdinOpen: flag.optional(),
  stopSeconds: number.optional(),
  stopSignal: text.optional(),
  storageOpts: mapping.optional(),
  sysctls: mapping.optional(),
  tty: flag.optional(),
  ulimits: z.record(text, z.tuple([number, number])).optional(),
  user: z.strictObject({ uid: number, gid: number }),
  waivers: z
    .array(z.strictObject({ id: text, reason: text, owner: text, expires: text, add: texts.optional() }))
    .optional(),
  workingDir: text.optional(),
  writable: z.record(text, writable),
} satisfies Readonly<Record<keyof JoinedContainer, z.ZodType>>;

export const containerSchema = z.strictObject(OPTIONS);

/** What of an object is a container's: a service is more. */
export function containerOptions<T extends object>(from: T): Pick<T, keyof T & keyof JoinedContainer> {
  const known = Object.entries(from).filter(([key]) => Object.hasOwn(OPTIONS, key));
  return Object.fromEntries(known) as Pick<T, keyof T & keyof JoinedContainer>;
}
