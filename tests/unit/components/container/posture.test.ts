import { describe, expect, test } from "vitest";
import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { hardenedPosture, runtimesOf } from "#components/container/posture.ts";
import type { PlacedContainer } from "#components/container/posture.ts";
import { agentSeccomp } from "#components/container/seccomp/agent-profile.ts";
import { waive } from "#components/container/waiver.ts";
import { DIGEST } from "../machine/example.ts";

const plain: PlacedContainer = {
  containerName: "office-page",
  image: `registry.example/page@${DIGEST}`,
  user: { uid: 20_001, gid: 20_001 },
  memory: 256,
  cpus: 0.5,
  pids: 64,
  writable: {},
  health: exec(["true"]),
  listens: [8080],
  networks: [{ name: "office-data", address: "10.77.0.66" }],
};
const record = { reason: "it cannot do without this", owner: "security", expires: "2027-06-30" };

function posture(changes: Partial<PlacedContainer> = {}): Record<string, unknown> {
  return { ...hardenedPosture("page", { ...plain, ...changes }) };
}

/** What a change of the facts changes in the posture. */
function difference(changes: Partial<PlacedContainer>): Record<string, unknown> {
  const before = posture();
  const after = posture(changes);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return Object.fromEntries(changed.map((key) => [key, after[key]]));
}

test("a container that asks for nothing gets the whole posture", () => {
  expect(posture()).toEqual({
    name: "office-page",
    image: `registry.example/page@${DIGEST}`,
    hostname: "page",
    user: "20001:20001",
    envs: [],
    labels: [{ label: "garrison.service", value: "page" }],
    readOnly: true,
    privileged: false,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    ipcMode: "private",
    cgroupnsMode: "private",
    init: true,
    memory: 256,
    memorySwap: 256,
    cpuPeriod: 100_000,
    cpuQuota: 50_000,
    networksAdvanced: [{ name: "office-data", aliases: ["page"], ipv4Address: "10.77.0.66" }],
    healthcheck: { tests: ["CMD", "true"], interval: "5s", timeout: "4s", retries: 6, startPeriod: "10s" },
    logDriver: "json-file",
    logOpts: { "max-file": "3", "max-size": "10m" },
    restart: "unless-stopped",
    ulimits: [{ name: "core", soft: 0, hard: 0 }],
    stopTimeout: 10,
    destroyGraceSeconds: 10,
    mustRun: true,
    wait: true,
    waitTimeout: 120,
  });
});

describe("a departure", () => {
  test("container.read-only-root opens the root file system and nothing else", () => {
    expect(difference({ waivers: [waive("container.read-only-root", record)] })).toEqual({
      readOnly: false,
      labels: [
        { label: "garrison.service", value: "page" },
        { label: "garrison.waivers", value: "container.read-only-root" },
      ],
    });
  });

  test("container.capabilities adds back what it names, in the daemon's spelling and order", () => {
    const waivers = [waive("container.capabilities", { ...record, add: ["setuid", "CHOWN", "SETUID"] })];
    expect(difference({ waivers })).toEqual({
      capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_SETUID"] },
      labels: [
        { label: "garrison.service", value: "page" },
        { label: "garrison.waivers", value: "container.capabilities" },
      ],
    });
  });

  test.each(["container.user", "container.sensitive-mounts"] as const)("%s changes the label only", (id) => {
    expect(Object.keys(difference({ waivers: [waive(id, record)] }))).toEqual(["labels"]);
  });

  test("several are one sorted label, so their order changes nothing", () => {
    const user = waive("container.user", record);
    const root = waive("container.read-only-root", record);
    expect(posture({ waivers: [user, root] })).toEqual(posture({ waivers: [root, user] }));
    expect(posture({ waivers: [user, root] }).labels).toContainEqual({
      label: "garrison.waivers",
      value: "container.read-only-root,container.user",
    });
  });

  test("reason, owner and date stay out of it: they must not recreate a container", () => {
    const later = { reason: "another reason to do so", owner: "operations", expires: "2028-01-01" };
    expect(posture({ waivers: [waive("container.user", record)] })).toEqual(
      posture({ waivers: [waive("container.user", later)] }),
    );
  });
});

describe("facts", () => {
  test("without a network there is none, and no ports", () => {
    expect(difference({ networks: [] })).toEqual({ networkMode: "none", networksAdvanced: undefined });
    expect(posture({ networks: [], publishes: [80], publishAddress: "127.0.0.1" }).ports).toBeUndefined();
  });

  test("every network has the name and the aliases, sorted, and none is the mode", () => {
    const networks = [{ name: "office-a" }, { name: "office-b", address: "10.77.0.2" }];
    expect(difference({ networks, aliases: ["www", "a.example"] })).toEqual({
      networksAdvanced: [
        { name: "office-a", aliases: ["a.example", "page", "www"] },
        { name: "office-b", aliases: ["a.example", "page", "www"], ipv4Address: "10.77.0.2" },
      ],
    });
  });

  test("ports are published on the machine's address only", () => {
    expect(difference({ publishes: [1514], publishAddress: "127.0.0.9" })).toEqual({
      ports: [{ internal: 1514, external: 1514, ip: "127.0.0.9", protocol: "tcp" }],
    });
    expect(difference({ publishes: [1514] }).ports).toMatchObject([{ ip: "127.0.0.1" }]);
  });

  test("tmpfs is sized, belongs to the user and runs nothing; volumes and host paths are typed mounts", () => {
    expect(
      difference({
        writable: { "/tmp": tmpfs(16), "/run": tmpfs(8, "0755"), "/data": volume("office-data") },
        mounts: { "/etc/page": "/run/secrets/page" },
      }),
    ).toEqual({
      tmpfs: {
        "/run": "rw,noexec,nosuid,nodev,size=8m,mode=0755,uid=20001,gid=20001",
        "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=0700,uid=20001,gid=20001",
      },
      mounts: [
        { type: "volume", target: "/data", source: "office-data" },
        { type: "bind", target: "/etc/page", source: "/run/secrets/page", readOnly: true },
      ],
    });
  });

  test("an agent is labelled and has the parent that carries its PID limit", () => {
    expect(difference({ agent: true, cgroupParent: "garrison-office-n01.slice" })).toEqual({
      cgroupParent: "garrison-office-n01.slice",
      runtime: "runsc",
      securityOpts: ["no-new-privileges:true", `seccomp=${agentSeccomp("runsc")}`],
      labels: [
        { label: "garrison.role", value: "agent" },
        { label: "garrison.service", value: "page" },
      ],
    });
  });

  test("an agent that shares the kernel, by a waiver, has the stricter profile all the same", () => {
    const waived = { agent: true, cgroupParent: "/garrison/n01", waivers: [waive("agent.runtime", record)] };
    expect(posture(waived).runtime).toBeUndefined();
    expect(posture(waived).securityOpts).toEqual(["no-new-privileges:true", `seccomp=${agentSeccomp("runc")}`]);
    expect([runtimesOf([waived]), runtimesOf([waived, { agent: true }])]).toEqual([[], ["runsc"]]);
  });

  test("an agent on networks knows its peers by address", () => {
    const on = { networks: [{ name: "out" }], hosts: { "egress-proxy": "10.0.0.2" } };
    expect(posture(on).hosts).toEqual([{ host: "egress-proxy", ip: "10.0.0.2" }]);
    expect(posture({ ...on, networks: [] }).hosts).toBeUndefined();
  });

  test("labels of its own cannot pass for ours", () => {
    const labels = { "garrison.service": "other", "a.label": "1" };
    expect(posture({ labels }).labels).toEqual([
      { label: "a.label", value: "1" },
      { label: "garrison.service", value: "page" },
    ]);
  });

  test("everything else goes where it belongs", () => {
    expect(
      difference({
        entrypoint: ["/init"],
        command: ["serve"],
        environment: { B: "2", A: "1" },
        hostname: "page.example",
        init: false,
        cpus: 1.333333,
        ulimits: { nofile: [1024, 2048] },
        stopSeconds: 60,
        startSeconds: 300,
        health: { test: ["CMD-SHELL", "exit 0"], interval: 1, timeout: 2, retries: 3, startPeriod: 4 },
      }),
    ).toEqual({
      entrypoints: ["/init"],
      command: ["serve"],
      envs: ["A=1", "B=2"],
      hostname: "page.example",
      init: false,
      cpuQuota: 133_333,
      ulimits: [
        { name: "core", soft: 0, hard: 0 },
        { name: "nofile", soft: 1024, hard: 2048 },
      ],
      stopTimeout: 60,
      destroyGraceSeconds: 60,
      waitTimeout: 300,
      healthcheck: { tests: ["CMD-SHELL", "exit 0"], interval: "1s", timeout: "2s", retries: 3, startPeriod: "4s" },
    });
  });

  test("health times are as Go writes them", () => {
    const health = { ...exec(["true"]), interval: 0.5, timeout: 60, startPeriod: 90 };
    expect(difference({ health }).healthcheck).toMatchObject({
      interval: "500ms",
      timeout: "1m0s",
      startPeriod: "1m30s",
    });
  });
});
