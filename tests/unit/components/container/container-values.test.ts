import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { capabilityName } from "#containment/capability-names.ts";
import { containerProblems } from "#components/container/container-problems.ts";
import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import type { JoinedContainer } from "#components/container/posture.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import { waive } from "#components/container/waiver.ts";

const DIGEST = `sha256:${"1".repeat(64)}`;
const reason = { reason: "it has to be shown that it can", owner: "security", expires: "2027-06-30" };
const page: JoinedContainer = {
  containerName: "page",
  image: `registry.example/page@${DIGEST}`,
  user: { uid: 20_001, gid: 20_001 },
  memory: 128,
  cpus: 0.5,
  pids: 64,
  writable: { "/tmp": tmpfs(8) },
  health: exec(["true"]),
  listens: [8080],
  networks: [{ name: "front" }],
};
/** Anything, as JavaScript would hand it over. */
const lines = (changes: object): string[] =>
  containerProblems("page", { ...page, ...changes }).map(({ property, found }) => `${property}: ${found}`);

describe("an option that is not known is refused by its name", () => {
  test.each(["mustRun", "privileged", "uploads", "volumes", "networkMode", "Memory", "capabilities", "constructor"])(
    "%s",
    (option) => {
      expect(lines({ [option]: "x" })).toEqual([`page.${option}: an unknown option`]);
    },
  );

  test.each([
    [{ user: { uid: 20_001, gid: 20_001, name: "x" } }, "page.user.name"],
    [{ health: { test: ["CMD", "true"], start_period: "5s" } }, "page.health.start_period"],
    [{ networks: [{ name: "a", aliases: ["x"] }] }, "page.networks.0.aliases"],
    [{ writable: { "/tmp": { type: "tmpfs", size: 8, uid: 5 } } }, "page.writable./tmp.uid"],
    [{ waivers: [{ ...waive("agent.guard", reason), until: "x" }] }, "page.waivers.agent.guard.until"],
  ])("%j", (changes, property) => {
    expect(lines(changes)).toEqual([`${property}: an unknown option`]);
  });

  test("what has no value is none", () => {
    expect(lines({ restart: undefined, hostname: undefined })).toEqual([]);
  });
});

describe("a mount that gives the host away", () => {
  const SENSITIVE = [
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/var/run/../run//docker.sock/",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/user/1000/docker.sock",
    "/var/lib/docker",
    "/run",
    "/",
    "/etc",
    "/etc/shadow",
    "/proc",
    "/sys/fs/cgroup",
    "/dev",
    "/dev/dri",
    "/root/.ssh",
    "/home/alice/.ssh",
    "/usr/bin",
  ];
  test.each(SENSITIVE)("%s needs a waiver", (source) => {
    const [told, ...more] = lines({ mounts: { "/mnt/it": source } });
    expect(told).toContain(`page.mounts./mnt/it: ${source}: `);
    expect(more).toEqual([]);
    expect(lines({ mounts: { "/mnt/it": source }, waivers: [waive("container.sensitive-mounts", reason)] })).toEqual(
      [],
    );
  });

  test.each(["./data", "data", "..", "~/data", "", "C:\\data"])(
    "the relative source %j is none, waived or not",
    (source) => {
      const told = `page.mounts./mnt/it: ${JSON.stringify(source)}`;
      expect(lines({ mounts: { "/mnt/it": source } })).toEqual([told]);
      expect(lines({ mounts: { "/mnt/it": source }, waivers: [waive("container.sensitive-mounts", reason)] })).toEqual([
        told,
      ]);
    },
  );

  test.each([
    "/srv/page",
    "/run/garrison/office/page",
    "/etc/localtime",
    "/etc/ssl/certs",
    "/home/alice/site",
    "/var/lib/page",
    "/opt/page/config.json",
    "/data",
  ])("%s is not one", (source) => {
    expect(lines({ mounts: { "/mnt/it": source } })).toEqual([]);
  });
});

describe("capabilities of a waiver", () => {
  const added = (add: readonly string[]): JoinedContainer => ({
    ...page,
    waivers: [waive("container.capabilities", { ...reason, add })],
  });

  test.each([
    ["NET_RAW", "net_raw", "CAP_NET_RAW", "cap_net_raw", "Cap_Net_Raw"],
    ["CHOWN", "chown", "CAP_CHOWN"],
    ["CHECKPOINT_RESTORE", "cap_checkpoint_restore"],
  ])("%s is known in any spelling, and handed to the daemon in its own", (name, ...others) => {
    for (const spelling of [name, ...others]) {
      expect(containerProblems("page", added([spelling])), spelling).toEqual([]);
      expect(hardenedPosture("page", added([spelling])).capabilities).toEqual({
        drops: ["ALL"],
        adds: [`CAP_${name}`],
      });
    }
  });

  test.each([
    "ALL",
    "all",
    "CAP_ALL",
    "NOPE",
    "",
    " ",
    "CAP_",
    "CAP_CAP_NET_RAW",
    "NET RAW",
    "NET-RAW",
    "NET_RAW ",
    "21",
  ])("%j is none", (name) => {
    expect(capabilityName(name)).toBeUndefined();
    expect(containerProblems("page", added(["CHOWN", name]))).toHaveLength(1);
  });
});

test.each<[object, string]>([
  [{ memory: 5 }, "page.memory: 5"],
  [{ memory: 128.5 }, "page.memory: 128.5"],
  [{ cpus: 0.001 }, "page.cpus: 0.001"],
  [{ cpus: Number.POSITIVE_INFINITY }, "page.cpus: Infinity"],
  [{ pids: 1.5 }, "page.pids: 1.5"],
  [{ pids: 2 ** 23 }, "page.pids: 8388608"],
  [{ user: { uid: -1, gid: 20_001 } }, "page.user.uid: -1"],
  [{ user: { uid: 20_001, gid: 2 ** 31 } }, "page.user.gid: 2147483648"],
  [{ user: { uid: "20001", gid: 20_001 } }, 'page.user.uid: "20001"'],
  [{ containerName: "a page" }, 'page.containerName: "a page"'],
  [{ containerName: "p" }, 'page.containerName: "p"'],
  [{ image: `registry.example/Page@${DIGEST}` }, `page.image: registry.example/Page@${DIGEST}`],
  [{ image: `https://registry.example/page@${DIGEST}` }, `page.image: https://registry.example/page@${DIGEST}`],
  [{ hostname: "a_b c" }, 'page.hostname: "a_b c"'],
  [{ hostname: "x".repeat(64) }, `page.hostname: "${"x".repeat(64)}"`],
  [{ aliases: ["-page"] }, 'page.aliases: "-page"'],
  [{ environment: { "A=B": "c" } }, 'page.environment: "A=B"'],
  [{ environment: { A: 5 } }, "page.environment.A: 5"],
  [{ listens: [0] }, "page.listens: 0"],
  [{ listens: [70_000] }, "page.listens: 70000"],
  [{ publishes: [80.5], publishAddress: "127.0.0.1" }, "page.publishes: 80.5"],
  [{ publishAddress: "localhost" }, 'page.publishAddress: "localhost"'],
  [{ networks: [{ name: "a", address: "10.0.0.300" }] }, 'page.networks.0.address: "10.0.0.300"'],
  [{ resolvers: ["dns.example"] }, 'page.resolvers: "dns.example"'],
  [{ hosts: { peer: "gateway" } }, 'page.hosts.peer: "gateway"'],
  [{ networks: [], hosts: { peer: "10.77.0.4" } }, 'page.hosts: {"peer":"10.77.0.4"}'],
  [{ networks: [], publishes: [8080], publishAddress: "127.0.0.1" }, "page.publishes: [8080]"],
  [{ networks: [], dnsOpts: ["ndots:1"] }, 'page.dnsOpts: ["ndots:1"]'],
  [
    { publishes: [{ internal: "4000-4010", external: "5000" }], publishAddress: "127.0.0.1" },
    'page.publishes: {"internal":"4000-4010","external":"5000"}',
  ],
  [{ publishes: [8080, 8080], publishAddress: "127.0.0.1" }, "page.publishes: 127.0.0.1 8080/tcp twice"],
  [{ publishes: [{ internal: 8080, ip: "eth0" }], publishAddress: "127.0.0.1" }, 'page.publishes: "eth0"'],
  [{ networks: [{ name: "host" }] }, `page.networks.0.name: "host", a mode of Docker's`],
  [{ networks: [{ name: "docker_gwbridge" }] }, `page.networks.0.name: "docker_gwbridge", a mode of Docker's`],
  [{ memory: 2 ** 44 }, "page.memory: 17592186044416"],
  [{ cpus: 1e9 }, "page.cpus: 1000000000"],
  [{ aliases: ["api.anthropic.com"] }, "page.aliases: a name of anthropic.com, led elsewhere"],
  [{ hostname: ["packages", "rubygems", "org"].join(".") }, "page.hostname: a name of a package index, led elsewhere"],
  [{ containerName: "ghcr.io" }, "page.containerName: a name of ghcr.io, led elsewhere"],
  [{ dnsOpts: ["ndots:1\nnameserver 192.0.2.9"] }, 'page.dnsOpts: "ndots:1\\nnameserver 192.0.2.9"'],
  [{ dnsSearches: ["a\nnameserver 192.0.2.9"] }, 'page.dnsSearches: "a\\nnameserver 192.0.2.9"'],
  [{ profiles: { apparmor: ":root://unconfined" } }, 'page.profiles.apparmor: ":root://unconfined"'],
  [{ mounts: { "/a": "/srv/link/../b" } }, 'page.mounts./a: "/srv/link/../b"'],
  [{ mounts: { "/a": "/srv/b\0" } }, 'page.mounts./a: "/srv/b\\u0000"'],
  [{ logDriver: "fluentd" }, 'page.logDriver: "fluentd"'],
  [
    { logDriver: "syslog", logOpts: { "syslog-address": "tcp://192.0.2.9:514" } },
    'page.logOpts.syslog-address: "tcp://192.0.2.9:514"',
  ],
  [{ workingDir: "app" }, 'page.workingDir: "app"'],
  [{ stopSignal: "stop!" }, 'page.stopSignal: "stop!"'],
  [{ shmSize: 129 }, "page.shmSize: 129"],
  [{ memoryReservation: 129 }, "page.memoryReservation: 129"],
  [{ cpuShares: 1 }, "page.cpuShares: 1"],
  [{ cpuSet: "all" }, 'page.cpuSet: "all"'],
  [{ runtime: "/usr/bin/runc" }, 'page.runtime: "/usr/bin/runc"'],
  [{ platform: "Linux" }, 'page.platform: "Linux"'],
  [{ groupAdds: [""] }, 'page.groupAdds: ""'],
  [{ maxRetryCount: 3 }, "page.maxRetryCount: 3"],
  [{ job: true, startSeconds: 60 }, "page.startSeconds: 60"],
  [
    { labels: { "garrison.waivers": "container.privileged" } },
    "page.labels.garrison.waivers: a label of the component's own",
  ],
  [{ profiles: { seccomp: "/etc/profile.json" } }, 'page.profiles.seccomp: "/etc/profile.json"'],
  [{ deviceReadBps: [{ path: "/dev/sda", rate: 0 }] }, "page.deviceReadBps: /dev/sda at 0"],
  [{ writable: { "/tmp": tmpfs(0) } }, "page.writable./tmp.size: 0"],
  [{ writable: { "/tmp": tmpfs(8, "rwx") } }, 'page.writable./tmp.mode: "rwx"'],
  [{ writable: { tmp: tmpfs(8) } }, 'page.writable.tmp: "tmp"'],
  [{ writable: { "/": tmpfs(8) } }, 'page.writable./: "/"'],
  [{ writable: { "/data": volume("/srv/data") } }, 'page.writable./data: "/srv/data"'],
  [{ mounts: { "/tmp/": "/srv/tmp" } }, "page.mounts: /tmp twice"],
  [{ ulimits: { files: [1, 2] } }, "page.ulimits.files: an unknown limit"],
  [{ ulimits: { nofile: [2048, 1024] } }, "page.ulimits.nofile: [2048,1024]"],
  [{ ulimits: { nofile: [-1, 1024] } }, "page.ulimits.nofile: [-1,1024]"],
  [{ health: { test: ["NONE"] } }, 'page.health.test: ["NONE"]'],
  [{ health: { test: ["CMD"] } }, 'page.health.test: ["CMD"]'],
  [{ health: exec(["true"], { interval: 0 }) }, "page.health.interval: 0"],
  [{ health: exec(["true"], { retries: 0 }) }, "page.health.retries: 0"],
  [{ stopSeconds: -1 }, "page.stopSeconds: -1"],
  [{ startSeconds: 0 }, "page.startSeconds: 0"],
  [{ cgroupParent: "garrison" }, 'page.cgroupParent: "garrison"'],
])("what only the daemon would refuse is refused: %j", (changes, told) => {
  expect(lines(changes)).toEqual([told]);
});

test.each<[object]>([
  [{ memory: 6, cpus: 0.01, pids: 1 }],
  [{ user: { uid: 65_534, gid: 65_534 } }],
  [{ image: DIGEST }],
  [{ image: `localhost:5000/a/b_c/d--e:1.2@${DIGEST}` }],
  [{ image: `docker.io/library/x@${DIGEST}` }],
  [{ aliases: ["a_b", "a.b"], hostname: "node-1.example" }],
  [{ resolvers: ["9.9.9.9", "2620:fe::fe"], hosts: { peer: "10.77.0.4" } }],
  [{ ulimits: { nofile: [1024, 1024], memlock: [65_536, 65_536], core: [0, 0] } }],
  [{ writable: { "/run": tmpfs(8, "1777"), "/var/lib/data": volume("office-data") } }],
  [{ environment: { "my.setting-x": "", PATH: "/bin" } }],
  [{ cgroupParent: "/garrison/office-4" }],
  [{ cgroupParent: "garrison-office-4.slice" }],
  [{ stopSeconds: 0, health: exec(["true"], { startPeriod: 0 }) }],
])("what Docker takes is taken: %j", (changes) => {
  expect(lines(changes)).toEqual([]);
});

const everything = waive("container.devices", reason);
test.each<[object, string]>([
  [{ devices: [{ hostPath: "sda" }] }, 'page.devices: "sda"'],
  [{ devices: [{ hostPath: "/dev/sda", permissions: "x" }] }, 'page.devices: "x"'],
  [{ deviceCgroupRules: ["all"] }, 'page.deviceCgroupRules: "all"'],
  [{ deviceRequests: [{ count: -2 }] }, "page.deviceRequests: -2"],
  [{ gpus: "all", deviceRequests: [{ count: 1 }] }, 'page.gpus: "all"'],
])("a device that is none is refused under its waiver too: %j", (changes, told) => {
  expect(lines({ ...changes, waivers: [everything] })).toEqual([told]);
});

describe("an option of another type, as only JavaScript can give it", () => {
  test.each<[object, string, string]>([
    [{ memory: "128" }, 'page.memory: "128"', "a number"],
    [{ image: undefined }, "page.image: nothing", "text"],
    [{ command: "serve" }, 'page.command: "serve"', "a list"],
    [
      { hosts: [{ host: "a", ip: "host-gateway" }] },
      'page.hosts: [{"host":"a","ip":"host-gateway"}]',
      "a mapping from name to value",
    ],
    [{ user: "20001:20001" }, 'page.user: "20001:20001"', "an object with uid, gid"],
    [
      { health: 5 },
      "page.health: 5",
      "one of image, none, or an object with test, interval, timeout, retries, startPeriod",
    ],
    [{ tty: "yes" }, 'page.tty: "yes"', "true or false"],
    [{ restart: "on-failure:3" }, 'page.restart: "on-failure:3"', "one of no, on-failure, unless-stopped, always"],
    [{ writable: { "/a": { type: "nfs" } } }, 'page.writable./a.type: "nfs"', "one of volume, tmpfs, bind"],
    [{ image: pulumi.output("x") }, "page.image: an output, which only the name of a network may be", "text"],
    [
      { waivers: [{ ...waive("agent.guard", reason), id: "container.privileged" }] },
      "page.waivers.container.privileged: id is none of",
      "reason",
    ],
  ])("%j", (changes, told, expected) => {
    const problems = containerProblems("page", { ...page, ...changes });
    expect(problems).toHaveLength(1);
    expect(`${problems[0]?.property ?? ""}: ${problems[0]?.found ?? ""}`).toContain(told);
    expect(problems[0]?.expected).toContain(expected);
  });

  test("does not keep the others from being told", () => {
    expect(lines({ memory: "128", restart: "always", privileged: true }).sort()).toEqual([
      'page.memory: "128"',
      "page.privileged: an unknown option",
      "page.restart: always",
    ]);
  });

  test("nothing at all is told as all that is required", () => {
    const all = containerProblems("page", {} as JoinedContainer).map(({ property }) => property);
    expect(all.sort()).toEqual(
      "containerName cpus health image listens memory networks pids user writable"
        .split(" ")
        .map((one) => `page.${one}`),
    );
  });
});

describe("an agent", () => {
  const agent = { agent: true, cgroupParent: "/garrison-office/n01" };
  test.each<[object, string]>([
    [
      { mounts: { "/s": "/run/docker.sock" }, waivers: [waive("container.sensitive-mounts", reason)] },
      "page.mounts./s: ",
    ],
    [
      { environment: { DOCKER_HOST: "tcp://x:2375" }, waivers: [waive("container.docker-api", reason)] },
      "page.environment.DOCKER_HOST: ",
    ],
    [{ runtime: "runc" }, 'page.runtime: "runc"'],
    [{ profiles: { seccomp: "{}" } }, "page.profiles.seccomp: "],
  ])("has no waiver for %j", (changes, told) => {
    expect(lines({ ...agent, ...changes }).some((line) => line.startsWith(told))).toBe(true);
  });
});
