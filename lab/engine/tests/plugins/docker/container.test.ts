import { sshArguments } from "@garrison/helpers/docker/ssh-agent.ts";
import { fillDefaults } from "@garrison/helpers/pulumi/docker-defaults.ts";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { describe, expect, it } from "vitest";
import { atLeast } from "#plugins/docker/connection/daemon.ts";
import { apiNeeds, checkContainer } from "#plugins/docker/container/check.ts";
import { limitsUpdate } from "#plugins/docker/container/limits.ts";
import { demultiplexed } from "#plugins/docker/container/settle.ts";
import { containerSpec } from "#plugins/docker/container/spec.ts";
import { goDuration, parseDuration } from "#plugins/docker/durations.ts";
import { isLeftover } from "#plugins/docker/holders.ts";
import { registryOf } from "#plugins/docker/images.ts";
import type { ContainerInputs } from "#plugins/docker/inputs.ts";
import { overlap } from "#plugins/docker/network.ts";
import { dockerProvider } from "#plugins/docker/provider.ts";

const base: ContainerInputs = { name: "c", image: "i" };
const spec = (more: Partial<ContainerInputs>) => containerSpec({ ...base, ...more });
const host = (more: Partial<ContainerInputs>) => spec(more).body.HostConfig;

/** Inputs that say how the plugin deals with the container, not what the container is. */
const behaviour = [
  "attach",
  "containerReadRefreshTimeoutMilliseconds",
  "destroyGraceSeconds",
  "logs",
  "mustRun",
  "removeVolumes",
  "start",
  "uploads",
  "wait",
  "waitTimeout",
];

/** One value for everything else; each has to leave a trace in what Docker is asked for. */
const samples: Partial<ContainerInputs> = {
  capabilities: { adds: ["CAP_CHOWN"], drops: ["ALL"] },
  cgroupParent: "/agents",
  cgroupnsMode: "private",
  command: ["sleep"],
  cpuPeriod: 50_000,
  cpuQuota: 25_000,
  cpuSet: "0",
  cpuShares: 512,
  cpus: "1.5",
  deviceCgroupRules: ["c 1:3 r"],
  deviceReadBps: [{ path: "/dev/sda", rate: 1 }],
  deviceReadIops: [{ path: "/dev/sda", rate: 1 }],
  deviceWriteBps: [{ path: "/dev/sda", rate: 1 }],
  deviceWriteIops: [{ path: "/dev/sda", rate: 1 }],
  devices: [{ hostPath: "/dev/null" }],
  dns: ["10.0.0.1"],
  dnsOpts: ["ndots:1"],
  dnsSearches: ["lan"],
  domainname: "lan",
  entrypoints: ["/init"],
  envs: ["A=1"],
  groupAdds: ["20"],
  healthcheck: { tests: ["CMD", "true"], interval: "1m30s" },
  hostname: "h",
  hosts: [{ host: "a", ip: "10.0.0.2" }],
  image: "other",
  init: true,
  ipcMode: "private",
  labels: [{ label: "a", value: "b" }],
  logDriver: "json-file",
  logOpts: { "max-size": "1m" },
  maxRetryCount: 3,
  memory: 32,
  memoryReservation: 16,
  memorySwap: 32,
  mounts: [{ type: "tmpfs", target: "/t", tmpfsOptions: { sizeBytes: 1024, mode: 0o1777 } }],
  name: "other",
  networkMode: "none",
  networksAdvanced: [{ name: "n", ipv4Address: "10.0.0.3", aliases: ["a"] }],
  pidMode: "host",
  platform: "linux/amd64",
  ports: [{ internal: 80, external: 8080 }],
  privileged: true,
  publishAllPorts: true,
  readOnly: true,
  restart: "always",
  rm: true,
  runtime: "runc",
  securityOpts: ["no-new-privileges:true"],
  shmSize: 8,
  stdinOpen: true,
  stopSignal: "SIGINT",
  stopTimeout: 3,
  storageOpts: { size: "1G" },
  sysctls: { "net.core.somaxconn": "1" },
  tmpfs: { "/tmp": "rw,noexec" },
  tty: true,
  ulimits: [{ name: "nofile", soft: 1, hard: 2 }],
  user: "20001",
  usernsMode: "host",
  volumes: [{ volumeName: "v", containerPath: "/v" }],
  workingDir: "/w",
};

describe("what Docker is asked for", () => {
  const covered = dockerProvider.resources["docker:index/container:Container"]?.unsupported ?? {};
  const inputs = Object.keys(dockerProvider.schema.resources["docker:index/container:Container"]?.inputs ?? {});
  const shaping = inputs.filter((name) => !behaviour.includes(name) && !(name in covered));

  it("has a sample for every input that shapes a container", () => {
    expect(Object.keys(samples).sort()).toEqual(shaping.sort());
  });

  it.each(shaping)("%s leaves a trace", (name) => {
    const value = samples[name as keyof ContainerInputs];
    expect(spec({ [name]: value })).not.toEqual(spec({}));
  });

  it("counts in bytes, nanoseconds and billionths", () => {
    expect(host({ memory: 32, memorySwap: -1, shmSize: 8, cpus: "1.5" })).toMatchObject({
      Memory: 33_554_432,
      MemorySwap: -1,
      ShmSize: 8_388_608,
      NanoCpus: 1_500_000_000,
    });
    expect(
      spec({ healthcheck: { tests: ["CMD", "x"], interval: "1m30s", timeout: "500ms" } }).body.Healthcheck,
    ).toEqual({
      Test: ["CMD", "x"],
      Interval: 90e9,
      Timeout: 5e8,
    });
  });

  it("keeps every option of mounts and volumes", () => {
    const mounts: ContainerInputs["mounts"] = [
      { type: "bind", source: "/a", target: "/b", readOnly: true, bindOptions: { propagation: "rslave" } },
      {
        type: "volume",
        source: "v",
        target: "/v",
        volumeOptions: {
          noCopy: true,
          driverName: "local",
          driverOptions: { o: "x" },
          labels: [{ label: "a", value: "b" }],
        },
      },
    ];
    expect(host({ mounts })?.Mounts).toEqual([
      { Type: "bind", Source: "/a", Target: "/b", ReadOnly: true, BindOptions: { Propagation: "rslave" } },
      {
        Type: "volume",
        Source: "v",
        Target: "/v",
        VolumeOptions: { NoCopy: true, Labels: { a: "b" }, DriverConfig: { Name: "local", Options: { o: "x" } } },
      },
    ]);
    const volumes: ContainerInputs["volumes"] = [
      { hostPath: "/h", containerPath: "/c", readOnly: true, selinuxRelabel: "z" },
      { containerPath: "/anonymous" },
      { fromContainer: "other", readOnly: true },
    ];
    expect(host({ volumes })).toMatchObject({ Binds: ["/h:/c:ro,z", "/anonymous"], VolumesFrom: ["other:ro"] });
  });

  it.each([undefined, "bridge", "a"])("creates a container on the network of mode %s, and joins all others", (mode) => {
    const networksAdvanced = [{ name: "a", ipv4Address: "10.0.0.3" }, { name: "b" }];
    const { body, joins } = spec({ networkMode: mode, networksAdvanced });
    expect(body.HostConfig?.NetworkMode).toBe(mode ?? "bridge");
    expect(body.NetworkingConfig).toBeUndefined();
    expect(joins).toEqual([
      { name: "a", endpoint: { IPAMConfig: { IPv4Address: "10.0.0.3" } } },
      { name: "b", endpoint: {} },
    ]);
  });

  it("publishes one container port on several host ports", () => {
    const ports = [{ internal: 80, external: 1, ip: "127.0.0.1" }, { internal: 80, external: 2 }, { internal: 80 }];
    expect(host({ ports })?.PortBindings).toEqual({
      "80/tcp": [
        { HostIp: "127.0.0.1", HostPort: "1" },
        { HostIp: "0.0.0.0", HostPort: "2" },
        { HostIp: "0.0.0.0", HostPort: "" },
      ],
    });
  });
});

describe("changes in place", () => {
  it("sends memory and swap together", () => {
    expect(
      limitsUpdate({ ...base, memory: 32, memorySwap: 32 }, { ...base, memory: 48, memorySwap: 48 }),
    ).toMatchObject({
      Memory: 48 << 20,
      MemorySwap: 48 << 20,
    });
  });

  it("sends what is wanted, never a limit that was lifted", () => {
    expect(limitsUpdate({ ...base, memory: 32, cpuShares: 2 }, { ...base, memory: 48 })).toEqual({
      Memory: 48 << 20,
      RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
    });
  });

  it.each<[string, Partial<ContainerInputs>]>([
    ["the CPU quota", { cpuQuota: 5000, cpuPeriod: 50_000 }],
    ["the health check", { healthcheck: { tests: ["CMD", "a"] } }],
    ["init", { init: true }],
    ["tmpfs", { tmpfs: { "/tmp": "" } }],
    ["how long to wait", { wait: true }],
  ])("does nothing for %s", (_, change) => {
    expect(limitsUpdate(base, { ...base, ...change })).toBeUndefined();
  });
});

describe("what Check fills in", () => {
  it("is what the official plugin does, at the top and within", () => {
    const inputs: Properties = {
      ...base,
      healthcheck: { tests: ["CMD", "a"], interval: "5s" },
      ports: [{ internal: 80 }],
      restart: "always",
      __defaults: ["name"],
    };
    fillDefaults(inputs);
    expect(inputs).toMatchObject({
      networkMode: "bridge",
      restart: "always",
      waitTimeout: 60,
      healthcheck: {
        tests: ["CMD", "a"],
        interval: "5s",
        timeout: "0s",
        startPeriod: "0s",
        startInterval: "0s",
      },
      ports: [{ internal: 80, ip: "0.0.0.0", protocol: "tcp" }],
    });
    expect(inputs.__defaults).toContain("networkMode");
    expect(inputs.__defaults).not.toContain("restart");
    // False, 0 and empty are left out.
    expect(Object.keys(inputs)).not.toContain("readOnly");
    expect(inputs.healthcheck).not.toHaveProperty("retries");
    expect(checkContainer(inputs as unknown as ContainerInputs)).toEqual([]);
    expect(apiNeeds(inputs as unknown as ContainerInputs)).toEqual([]);
  });
});

describe("rules beyond the schema", () => {
  const properties = (more: Partial<ContainerInputs>) =>
    checkContainer({ ...base, ...more }).map(({ property }) => property);

  it.each<[string, Partial<ContainerInputs>, string]>([
    ["an empty image", { image: "" }, "image"],
    ["CAP_ALL, which dockerd refuses", { capabilities: { drops: ["CAP_ALL"] } }, "capabilities.drops"],
    ["CPUs that are no number", { cpus: "many" }, "cpus"],
    ["two ways to limit the CPU", { cpus: "1", cpuQuota: 1000 }, "cpus"],
    ["an unknown restart policy", { restart: "sometimes" }, "restart"],
    ["networks in a mode without networks", { networkMode: "none", networksAdvanced: [{ name: "n" }] }, "networkMode"],
    ["a duration without unit", { healthcheck: { interval: "30" } }, "healthcheck.interval"],
    ["an upload of nothing", { uploads: [{ file: "/f" }] }, "uploads[0]"],
    ["an upload owned by a name", { uploads: [{ file: "/f", content: "", owner: "root" }] }, "uploads[0].owner"],
    ["a volume from two places", { volumes: [{ containerPath: "/c", hostPath: "/h", volumeName: "v" }] }, "volumes[0]"],
    ["attaching to what must run", { attach: true }, "attach"],
  ])("refuses %s", (_, more, property) => {
    expect(properties(more)).toEqual([property]);
    expect(properties({})).toEqual([]);
  });

  it("asks for the API version that knows a field", () => {
    const wanted = apiNeeds({ ...base, healthcheck: { tests: ["CMD", "a"], startInterval: "1s" } });
    expect(wanted).toEqual([{ property: "docker.Container.healthcheck.startInterval", version: "1.44" }]);
    const mounts: ContainerInputs["mounts"] = [
      { type: "volume", target: "/v", source: "v", volumeOptions: { noCopy: true } },
    ];
    expect(apiNeeds({ ...base, mounts })).toEqual([
      { property: "docker.Container.mounts.volumeOptions", version: "1.45" },
    ]);
    expect(atLeast("1.41", "1.44")).toBe(false);
    expect(atLeast("1.44", "1.44")).toBe(true);
    expect(atLeast("2.0", "1.44")).toBe(true);
  });
});

it("reads Go's durations and nothing else", () => {
  expect(["1h2m3s", "1.5s", "0", "100µs"].map(parseDuration)).toEqual([3723e9, 1.5e9, 0, 1e5]);
  expect(["", "5", "s", "1s ", "-1s"].map(parseDuration)).toEqual(Array(5).fill(undefined));
});

it("writes durations as Go does", () => {
  const times = [0, 1, 1500, 1e5, 25e7, 1e9, 1.5e9, 60e9, 90e9, 3600e9, 3661e9];
  expect(times.map(goDuration)).toEqual([
    "0s",
    "1ns",
    "1.5µs",
    "100µs",
    "250ms",
    "1s",
    "1.5s",
    "1m0s",
    "1m30s",
    "1h0m0s",
    "1h1m1s",
  ]);
});

it("takes only an estate's own things for leftovers", () => {
  const wanted = { "garrison.estate": "lab", "garrison.service": "web" };
  expect(isLeftover(wanted, { ...wanted, more: "from the image" })).toBe(true);
  expect(isLeftover(wanted, { "garrison.estate": "lab" })).toBe(false);
  expect(isLeftover({ a: "b" }, { a: "b" })).toBe(false);
  expect(isLeftover(wanted, null)).toBe(false);
});

it("never lets a host name be an ssh option", () => {
  expect(sshArguments("ssh://me@box:2222", ["-o", "StrictHostKeyChecking=yes"])).toEqual(
    "-o StrictHostKeyChecking=yes -l me -p 2222 -T -- box docker system dial-stdio".split(" "),
  );
});

it("tells registries from name parts", () => {
  expect(
    ["valkey/valkey", "localhost/a", "127.0.0.1:5000/a/b@sha256:0", "ghcr.io/a", "nginx:1"].map(registryOf),
  ).toEqual(["docker.io", "localhost", "127.0.0.1:5000", "ghcr.io", "docker.io"]);
});

it("sees address blocks that overlap", () => {
  expect(overlap("10.0.0.0/24", "10.0.0.128/25")).toBe(true);
  expect(overlap("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
  expect(overlap("10.0.0.0/24", "fd00::/64")).toBe(false);
});

it("takes the streams of a log apart", () => {
  const piece = (text: string) => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
  expect(demultiplexed(Buffer.concat([piece("one\n"), piece("two")]))).toBe("one\ntwo");
});
