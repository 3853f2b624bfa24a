import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { office } from "#stacks/office.ts";
import { docker, inspect, removeByPrefix, testPrefix } from "#tests/support/docker.ts";
import { cgroupLimit } from "#tests/support/kernel.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";
import { statusOf } from "./commands.ts";

const minutes = 60_000;
const MIB = 1024 ** 2;
const prefix = testPrefix();
const sandbox = "openclaw-sandbox";
const memoryFile = { v1: "memory.limit_in_bytes", v2: "memory.max" };
const pidsFile = { v1: "pids.max", v2: "pids.max" };

let estate: LabEstate;

interface Container {
  readonly Id: string;
  readonly Image: string;
  readonly Config: { readonly Image: string };
  readonly State: {
    readonly StartedAt: string;
    readonly Running: boolean;
    readonly Health: { readonly Status: string };
  };
  readonly HostConfig: { readonly Memory: number };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

const nameOf = (service: string): string => `${estate.id}-${service}`;
const lookAt = (service: string): Promise<Container> => inspect<Container>(nameOf(service));
const inContainer = (name: string, ...command: string[]) =>
  execa("docker", ["exec", name, ...command], { reject: false, timeout: minutes });
const startOf = async (service: string): Promise<string> => {
  const { State } = await lookAt(service);
  return State.Health.Status === "healthy" ? State.StartedAt : "";
};
const polling = { timeout: minutes, interval: 1000 };

/**
 * What a command in the sandbox printed until the sandbox was started again. Its client is not waited for: where gVisor
 * ends, nobody is left to tell it, or it is told that all went well.
 */
async function untilRestarted(started: string, ...command: string[]): Promise<string> {
  const attempt = inContainer(nameOf(sandbox), ...command);
  await expect.poll(() => startOf(sandbox), polling).toSatisfy((now) => now !== "" && now !== started);
  attempt.kill();
  return (await attempt).stdout;
}

/** When each other container was started and how it is: the same after an attack as before. */
async function neighbours(): Promise<Record<string, string>> {
  const others = office.services.filter(({ name }) => name !== sandbox);
  const seen = await Promise.all(
    others.map(async ({ name }) => {
      const { State } = await lookAt(name);
      return [name, `${State.StartedAt} ${State.Health.Status}`] as const;
    }),
  );
  return Object.fromEntries(seen);
}

/** A container of the sandbox's own image without any limit: what fails in the sandbox succeeds here. */
async function unlimited(): Promise<string> {
  const { Config } = await lookAt(sandbox);
  const name = `${prefix}-unlimited`;
  await docker("run", "-d", "--name", name, "--network", "none", "--entrypoint", "sleep", Config.Image, "100000");
  return name;
}

/** What an agent may try and what hands may do. */
export function attacks(given: () => LabEstate): void {
  beforeAll(() => {
    estate = given();
  });

  afterAll(async () => {
    await removeByPrefix(prefix);
  });

  describe("an agent's code", () => {
    test(
      "that takes more memory than it was given ends its own sandbox, which comes back, and nothing else",
      async () => {
        const before = await neighbours();
        const started = await startOf(sandbox);
        const limit = Number((await cgroupLimit(await estate.pidOf(sandbox), "memory", memoryFile)).own);
        const more = String(Math.ceil(limit / MIB) + 64);
        const hog = ["sh", "-c", `dd if=/dev/zero of=/dev/null bs=${more}M count=1 && echo all`];

        expect(await untilRestarted(started, ...hog)).not.toContain("all");
        expect(await neighbours()).toEqual(before);

        const free = await unlimited();
        expect((await inContainer(free, ...hog)).stdout).toContain("all");
        await docker("rm", "-f", free);
      },
      3 * minutes,
    );

    test(
      "that forks without end ends its own sandbox, which comes back, and everybody else goes on",
      async () => {
        const before = await neighbours();
        const started = await startOf(sandbox);
        const limit = office.services.find(({ name }) => name === sandbox)?.pids ?? 0;
        const count = String(limit * 2);
        const bomb = ["sh", "-c", `n=0; while [ $n -lt ${count} ]; do sleep 300 & n=$((n+1)); done; echo all`];

        expect(await untilRestarted(started, ...bomb)).not.toContain("all");
        // The host and the neighbours start programs as ever.
        expect((await inContainer(nameOf("valkey"), "valkey-cli", "ping")).stdout).toBe("PONG");
        expect(await neighbours()).toEqual(before);

        const free = await unlimited();
        const control = await inContainer(free, ...bomb);
        expect(control.stdout).toContain("all");
        await docker("rm", "-f", free);
      },
      4 * minutes,
    );

    test(
      "does not outlive a restart of its container, whose limits do",
      async () => {
        await docker("restart", "-t", "0", nameOf(sandbox));
        const pid = await estate.pidOf(sandbox);
        const limit = String(office.services.find(({ name }) => name === sandbox)?.pids);
        const pids = await cgroupLimit(pid, "pids", pidsFile);
        expect(pids.parent).toBe(limit);
        const { own } = await cgroupLimit(pid, "pids", { v1: "pids.current", v2: "pids.current" });
        // gVisor's own threads.
        expect(Number(own)).toBeLessThan(100);
      },
      2 * minutes,
    );
  });

  test(
    "what hands did to memory, processes, networks and containers is repaired by the next up",
    async () => {
      const memory = (await lookAt("llm-guard")).HostConfig.Memory;
      const address = (await lookAt("searxng")).NetworkSettings.Networks[nameOf("out-search")]?.IPAddress;
      const { Id: removed } = await lookAt("graphiti");
      await docker("update", "--memory", "2g", "--memory-swap", "2g", nameOf("llm-guard"));
      await docker("update", "--pids-limit", "-1", nameOf("nginx"));
      await docker("network", "disconnect", nameOf("out-search"), nameOf("searxng"));
      await docker("network", "connect", nameOf("egress"), nameOf("openclaw-gateway"));
      await docker("stop", "-t", "0", nameOf("valkey"));
      await docker("rm", "-f", nameOf("graphiti"));

      const status = await estate.start("status", "--json");
      expect(status.exitCode).toBe(1);
      const seen = new Map(statusOf(status.stdout).services.map(({ service, health }) => [service, health]));
      expect([seen.get("valkey"), seen.get("graphiti")]).toEqual(["stopped", "missing"]);
      expect((await estate.start("doctor")).exitCode).toBe(1);

      await estate.up();
      expect((await estate.start("doctor")).exitCode).toBe(0);
      expect((await lookAt("llm-guard")).HostConfig.Memory).toBe(memory);
      expect((await lookAt("searxng")).NetworkSettings.Networks[nameOf("out-search")]?.IPAddress).toBe(address);
      expect(Object.keys((await lookAt("openclaw-gateway")).NetworkSettings.Networks)).not.toContain(nameOf("egress"));
      expect((await lookAt("valkey")).State.Running).toBe(true);
      expect((await lookAt("graphiti")).Id).not.toBe(removed);
      const wanted = String(office.services.find(({ name }) => name === "nginx")?.pids);
      expect((await cgroupLimit(await estate.pidOf("nginx"), "pids", pidsFile)).own).toBe(wanted);
      expect((await cgroupLimit(await estate.pidOf("llm-guard"), "memory", memoryFile)).own).toBe(String(memory));
    },
    10 * minutes,
  );
}
