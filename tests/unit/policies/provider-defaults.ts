import type { ExampleResource } from "#policies/lib/rule.ts";
import { type } from "#policies/lib/types.ts";

type Values = Readonly<Record<string, unknown>>;

/** The defaults of one object, and of the objects in it, by property; a list's are those of each of its elements. */
interface Defaults {
  readonly values: Values;
  readonly inside?: Readonly<Record<string, Defaults>>;
}

/**
 * What the official Docker provider's Check writes beside what a program says: the `Default` of every field in the
 * schemas of kreuzwerker 4.5.0, which is the upstream of pulumi-docker 5.2 (read in its source; pulumi-docker itself adds
 * none for these types). Releases of the bridge from 3.137 on leave out the ones that are false, zero or empty; older
 * ones write them too.
 */
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  [type.container]: {
    values: {
      rm: false,
      readOnly: false,
      start: true,
      wait: false,
      waitTimeout: 60,
      attach: false,
      logs: false,
      mustRun: true,
      restart: "no",
      removeVolumes: true,
      memoryReservation: 0,
      networkMode: "bridge",
      containerReadRefreshTimeoutMilliseconds: 15_000,
      tty: false,
      stdinOpen: false,
    },
    inside: {
      ports: { values: { ip: "0.0.0.0", protocol: "tcp" } },
      devices: { values: { permissions: "rwm" } },
      deviceRequests: { values: { driver: "cdi", count: 0 } },
      uploads: { values: { executable: false } },
      healthcheck: {
        values: { interval: "0s", timeout: "0s", startPeriod: "0s", startInterval: "0s", retries: 0 },
      },
    },
  },
  [type.network]: { values: { ipamDriver: "default" } },
  [type.volume]: { values: {} },
  [type.plugin]: { values: { enabled: true } },
  [type.remoteImage]: {
    values: { platform: "" },
    inside: { build: { values: { dockerfile: "Dockerfile", remove: true, useLegacyBuilder: false, builder: "" } } },
  },
  [type.service]: {
    values: {},
    inside: {
      taskSpec: {
        values: {},
        inside: {
          containerSpec: {
            values: { isolation: "default" },
            inside: {
              mounts: { values: {}, inside: { bindOptions: { values: { propagation: "rprivate" } } } },
              healthcheck: { values: { interval: "0s", timeout: "0s", startPeriod: "0s", retries: 0 } },
            },
          },
        },
      },
      endpointSpec: { values: {}, inside: { ports: { values: { protocol: "tcp", publishMode: "ingress" } } } },
    },
  },
};

/**
 * What Docker makes of a container's fields that nothing was said of, as the provider's Read hands it out after the
 * update (read in the same source): rules over the whole stack are shown it.
 */
const READ_BACK: Values = {
  bridge: "",
  domainname: "",
  hostname: "0123456789ab",
  command: ["program"],
  user: "",
  securityOpts: [],
  publishAllPorts: false,
  maxRetryCount: 0,
  init: false,
  workingDir: "/",
  runtime: "runc",
  tmpfs: {},
  privileged: false,
  memory: 0,
  memorySwap: 0,
  shmSize: 64,
  cpuShares: 0,
  cpuSet: "",
  logDriver: "json-file",
  usernsMode: "",
  sysctls: {},
  ipcMode: "private",
  groupAdds: [],
  stopSignal: "",
  stopTimeout: 0,
  networkDatas: [{ networkName: "example", ipAddress: "192.0.2.2", gateway: "192.0.2.1" }],
};

/** A resource with the provider's defaults, and its list of what they are, as its Check answers. */
export function withDefaults(resource: ExampleResource): ExampleResource {
  const defaults = DEFAULTS[resource.type];
  if (defaults === undefined) return resource;
  return { ...resource, properties: filled(resource.properties, defaults) };
}

/** A resource as the provider hands it out when it is there. */
export function asReadBack(resource: ExampleResource): ExampleResource {
  const { properties, ...rest } = withDefaults(resource);
  const values = Object.fromEntries(Object.entries(properties).filter(([name]) => name !== "__defaults"));
  return { ...rest, properties: resource.type === type.container ? { ...READ_BACK, ...values } : values };
}

function filled(given: Values, { values, inside = {} }: Defaults): Record<string, unknown> {
  const added = Object.entries(values).filter(([name]) => (given[name] ?? undefined) === undefined);
  const own = Object.entries(given).map(([name, value]): [string, unknown] => {
    const within = inside[name];
    return [name, within === undefined ? value : filledInside(value, within)];
  });
  return { ...Object.fromEntries([...own, ...added]), __defaults: added.map(([name]) => name).sort() };
}

function filledInside(value: unknown, defaults: Defaults): unknown {
  if (Array.isArray(value)) return value.map((item) => filledInside(item, defaults));
  return typeof value === "object" && value !== null ? filled(value as Values, defaults) : value;
}
