import type Dockerode from "dockerode";
import { describe, expect, it } from "vitest";
import { inputsAsFound } from "#plugins/docker/container/drift.ts";
import type { ContainerInputs } from "#plugins/docker/inputs.ts";

const inputs: ContainerInputs = {
  name: "c",
  image: "i",
  memory: 32,
  memorySwap: 32,
  cpuQuota: 20_000,
  restart: "unless-stopped",
  labels: [{ label: "a", value: "b" }],
  networksAdvanced: [{ name: "net", ipv4Address: "10.0.0.9", aliases: ["cee"] }],
};

interface Found {
  name: string;
  running: boolean;
  paused: boolean;
  labels: Record<string, string>;
  host: Dockerode.HostConfig;
  networks: Record<string, object>;
}

/** What the daemon says about the container when nobody touched it, with changes. */
function found(change: Partial<Found> = {}): Dockerode.ContainerInspectInfo {
  const host = {
    Memory: 32 << 20,
    MemorySwap: 32 << 20,
    CpuQuota: 20_000,
    CpuPeriod: 0,
    RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 },
    ...change.host,
  };
  const net = { NetworkID: "n1", IPAMConfig: { IPv4Address: "10.0.0.9" }, Aliases: ["cee", "0123456789ab"] };
  return {
    Name: `/${change.name ?? "c"}`,
    Config: { Image: "i", Labels: change.labels ?? { a: "b", image: "label" } },
    State: { Running: change.running ?? true, Paused: change.paused ?? false },
    HostConfig: host,
    NetworkSettings: { Networks: change.networks ?? { net } },
  } as unknown as Dockerode.ContainerInspectInfo;
}

describe("inputs as found", () => {
  it("are the program's where nobody changed anything", () => {
    expect(inputsAsFound(inputs, found())).toEqual(inputs);
  });

  it.each<[string, Partial<Found>, Partial<ContainerInputs>]>([
    ["a stopped container", { running: false }, { mustRun: false }],
    ["a paused container", { paused: true }, { mustRun: false }],
    ["another memory limit", { host: { Memory: 64 << 20, MemorySwap: 64 << 20 } }, { memory: 64, memorySwap: 64 }],
    ["no memory limit", { host: { Memory: 0 } }, { memory: 0 }],
    ["more swap", { host: { MemorySwap: -1 } }, { memorySwap: -1 }],
    ["CPUs that appeared", { host: { NanoCpus: 5e8 } }, { cpus: "0.5" }],
    ["another restart policy", { host: { RestartPolicy: { Name: "no" } } }, { restart: "no" }],
    ["another name", { name: "d" }, { name: "d" }],
    ["a lost label", { labels: {} }, { labels: [] }],
    ["a lost network", { networks: {} }, { networksAdvanced: [] }],
    [
      "another address, and a network too many",
      {
        networks: {
          net: { NetworkID: "n1", IPAMConfig: { IPv4Address: "10.0.0.8" }, Aliases: ["cee"] },
          bridge: { NetworkID: "b" },
        },
      },
      { networksAdvanced: [{ name: "net", ipv4Address: "10.0.0.8", aliases: ["cee"] }, { name: "bridge" }] },
    ],
    [
      "a lost alias",
      { networks: { net: { NetworkID: "n1", IPAMConfig: { IPv4Address: "10.0.0.9" }, Aliases: [] } } },
      { networksAdvanced: [{ name: "net", ipv4Address: "10.0.0.9", aliases: [] }] },
    ],
  ])("show %s", (_, change, expected) => {
    expect(inputsAsFound(inputs, found(change))).toEqual({ ...inputs, ...expected });
  });

  it("say nothing of another CPU quota, which the official plugin does not read", () => {
    expect(inputsAsFound(inputs, found({ host: { CpuQuota: 50_000 } }))).toEqual(inputs);
  });

  it("have a health check's times as Go writes them", () => {
    const checked = { ...inputs, healthcheck: { tests: ["CMD", "a"], interval: "90s", timeout: "60s", retries: 3 } };
    const live = found();
    live.Config.Healthcheck = { Test: ["CMD", "a"], Interval: 90e9, Timeout: 60e9, Retries: 3 };
    expect(inputsAsFound(checked, live).healthcheck).toEqual({
      tests: ["CMD", "a"],
      interval: "1m30s",
      timeout: "1m0s",
      startPeriod: "0s",
      startInterval: "0s",
      retries: 3,
    });
  });

  it("keep what the program asks for on the network of the mode, where Docker ignored it", () => {
    const byMode = { ...inputs, networkMode: "net" };
    const given = found({ networks: { net: { NetworkID: "n1", IPAMConfig: {}, Aliases: [] } } });
    expect(inputsAsFound(byMode, given)).toEqual(byMode);
  });

  it("tell one lost network of two", () => {
    const two = { ...inputs, networksAdvanced: [{ name: "other" }, ...(inputs.networksAdvanced ?? [])] };
    expect(inputsAsFound(two, found())).toEqual(inputs);
  });

  it("know networks by their id as well", () => {
    const byId = { ...inputs, networksAdvanced: [{ name: "n1", ipv4Address: "10.0.0.9" }] };
    expect(inputsAsFound(byId, found())).toEqual(byId);
  });

  it("leave a container alone that need not run", () => {
    const job = { ...inputs, mustRun: false };
    expect(inputsAsFound(job, found({ running: false }))).toEqual(job);
  });
});
