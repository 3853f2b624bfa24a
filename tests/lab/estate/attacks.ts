import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { office } from "../../../stacks/office.ts";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "../../support/docker.ts";
import { cgroupLimit } from "../../support/kernel.ts";
import type { LabEstate } from "../../support/lab-estate.ts";

const minutes = 60_000;
const MIB = 1024 ** 2;
const prefix = testPrefix();
const sandbox = "openclaw-sandbox";
const memoryFile = { v1: "memory.limit_in_bytes", v2: "memory.max" };
const pidsFile = { v1: "pids.max", v2: "pids.max" };

let estate: LabEstate;
let image = "";

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
  execa("docker", ["exec", name, ...command], { reject: false });

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

/** What an agent may try and what hands may do; then the estate's end, among things that are not its own. */
export function attacks(given: () => LabEstate): void {
  beforeAll(async () => {
    image = await importBusybox(`${prefix}-busybox:1`);
    estate = given();
  });

  afterAll(async () => {
    await removeByPrefix(prefix);
  });

  describe("an agent's code", () => {
    test(
      "that takes more memory than it was given is killed, and nothing else is",
      async () => {
        const before = await neighbours();
        const pid = await estate.pidOf(sandbox);
        const limit = Number((await cgroupLimit(pid, "memory", memoryFile)).own);
        const kills = () => oomKills(pid);
        const killsBefore = await kills();
        const more = String(Math.ceil(limit / MIB) + 64);
        const hog = ["dd", "if=/dev/zero", "of=/dev/null", `bs=${more}M`, "count=1"];

        const attempt = await inContainer(nameOf(sandbox), ...hog);
        expect(attempt.exitCode).toBe(137);
        expect(await kills()).toBe(killsBefore + 1);
        expect(await estate.pidOf(sandbox)).toBe(pid);
        expect(await neighbours()).toEqual(before);

        const free = await unlimited();
        expect((await inContainer(free, ...hog)).exitCode).toBe(0);
        await docker("rm", "-f", free);
      },
      2 * minutes,
    );

    test(
      "that forks without end comes to its limit, and everybody else goes on",
      async () => {
        const before = await neighbours();
        const limit = office.services.find(({ name }) => name === sandbox)?.pids ?? 0;
        const count = String(limit * 2);
        const bomb = ["sh", "-c", `n=0; while [ $n -lt ${count} ]; do sleep 300 & n=$((n+1)); done; echo all`];

        const attempt = await inContainer(nameOf(sandbox), ...bomb);
        expect(attempt.stdout).not.toContain("all");
        expect(attempt.stderr).toMatch(/can't fork|Cannot fork|Resource temporarily unavailable/);
        const pid = await estate.pidOf(sandbox);
        const { own } = await cgroupLimit(pid, "pids", { v1: "pids.current", v2: "pids.current" });
        // What started the attempt took a few of them, and is gone.
        expect(Number(own)).toBeGreaterThan(limit - 32);
        expect(Number(own)).toBeLessThanOrEqual(limit);
        // Full as it is, the host and the neighbours start programs as ever.
        expect((await inContainer(nameOf("valkey"), "valkey-cli", "ping")).stdout).toBe("PONG");
        expect(await neighbours()).toEqual(before);

        const free = await unlimited();
        const control = await inContainer(free, ...bomb);
        expect(control.stdout).toContain("all");
        await docker("rm", "-f", free);
      },
      3 * minutes,
    );

    test(
      "does not outlive a restart of its container, whose limits do",
      async () => {
        await docker("restart", "-t", "0", nameOf(sandbox));
        const pid = await estate.pidOf(sandbox);
        const limit = String(office.services.find(({ name }) => name === sandbox)?.pids);
        const pids = await cgroupLimit(pid, "pids", pidsFile);
        expect(pids.own).toBe(limit);
        expect(pids.parent).toBe(limit);
        const { own } = await cgroupLimit(pid, "pids", { v1: "pids.current", v2: "pids.current" });
        expect(Number(own)).toBeLessThan(10);
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

      const up = await estate.run("up");
      expect(up.exitCode, up.all).toBe(0);
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

  describe("down, among things of others", () => {
    test(
      "says who is on a network of the estate, and touches nobody",
      async () => {
        await docker(
          "run",
          "-d",
          "--name",
          `${prefix}-guest`,
          "--network",
          nameOf("guard"),
          image,
          "/bin/sleep",
          "100000",
        );
        const { Id: guest } = await inspect<Container>(`${prefix}-guest`);
        const doctor = await estate.run("doctor");
        expect(doctor.exitCode, doctor.all).toBe(1);
        expect(doctor.all).toContain(`${prefix}-guest`);

        const down = await estate.run("down");
        expect(down.exitCode).toBe(1);
        expect(down.all).toContain(`${nameOf("guard")} is in use by ${prefix}-guest`);
        expect(down.all).toContain(`docker network disconnect -f ${nameOf("guard")} ${prefix}-guest`);
        expect((await inspect<Container>(`${prefix}-guest`)).Id).toBe(guest);
      },
      5 * minutes,
    );

    test(
      "removes exactly what up made",
      async () => {
        await docker("network", "disconnect", "-f", nameOf("guard"), `${prefix}-guest`);
        // Named like the estate's own, but without its label: a name proves nothing.
        const stranger = nameOf("stranger");
        await docker("run", "-d", "--name", stranger, "--network", "none", image, "/bin/sleep", "100000");
        await docker("network", "create", "--internal", stranger);
        await docker("volume", "create", stranger);
        try {
          const down = await estate.run("down", "--volumes");
          expect(down.exitCode, down.all).toBe(0);
          expect((await inspect<Container>(stranger)).State.Running).toBe(true);
          expect((await inspect<Container>(`${prefix}-guest`)).State.Running).toBe(true);
          await inspect(stranger, "network");
          await inspect(stranger, "volume");
        } finally {
          await removeByPrefix(stranger);
        }
        const label = `label=garrison.estate=${estate.id}`;
        expect(await docker("ps", "-aq", "--filter", label)).toBe("");
        expect(await docker("network", "ls", "-q", "--filter", label)).toBe("");
        expect(await docker("volume", "ls", "-q", "--filter", label)).toBe("");
      },
      5 * minutes,
    );
  });
}

/** How often the kernel killed something in the container's memory cgroup. */
async function oomKills(pid: number): Promise<number> {
  const { own } = await cgroupLimit(pid, "memory", { v1: "memory.oom_control", v2: "memory.events" });
  const count = /^oom_kill (\d+)$/m.exec(own ?? "")?.[1];
  if (count === undefined) throw new Error(`no oom_kill in ${own ?? "nothing"}`);
  return Number(count);
}
