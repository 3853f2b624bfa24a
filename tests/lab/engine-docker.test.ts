import { readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "../support/docker.ts";
import { makeEngine, type RunningEngine, type TestEngine } from "../support/engine.ts";

interface Container {
  readonly Id: string;
  readonly State: { readonly Running: boolean };
  readonly Config: { readonly Env: string[]; readonly Healthcheck?: { readonly Interval: number } };
  readonly HostConfig: { readonly Memory: number; readonly MemorySwap: number; readonly CpuQuota: number };
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string; Aliases: string[] }> };
}

const prefix = testPrefix();
let image = "";
let engine: TestEngine;
/** An engine that a test started and has not waited for yet. */
let running: RunningEngine | undefined;

/** A program text; `docker`, `name` and `image` are in reach. */
function program(body: string): string {
  return [
    `import * as docker from "@pulumi/docker";`,
    `const image = ${JSON.stringify(image)};`,
    `const name = (part: string) => ${JSON.stringify(prefix)} + "-" + part;`,
    body,
  ].join("\n");
}

/** A network of two containers' worth of addresses and one container on it. */
function oneContainer(more = "", subnet = "10.213.7.0/24"): string {
  return program(`
    const net = new docker.Network("net", {
      name: name("net"), internal: true, ipamConfigs: [{ subnet: "${subnet}", gateway: "${subnet.replace(".0/24", ".1")}" }],
      options: { "com.docker.network.bridge.enable_icc": "false" }, labels: [{ label: "garrison.estate", value: name("e") }],
    });
    new docker.Container("c", {
      name: name("c"), image, command: ["/bin/sleep", "1000"], init: true, restart: "unless-stopped",
      memory: 32, memorySwap: 32, cpuPeriod: 100000, cpuQuota: 20000, readOnly: true, user: "20001:20001",
      capabilities: { drops: ["ALL"] }, securityOpts: ["no-new-privileges:true"],
      networksAdvanced: [{ name: net.name, ipv4Address: "${subnet.replace(".0/24", ".9")}", aliases: ["cee"] }],
      healthcheck: { tests: ["CMD", "/bin/true"], interval: "1s", timeout: "1s", retries: 3 }, wait: true, waitTimeout: 30,
      labels: [{ label: "garrison.estate", value: name("e") }],
      ${more}
    });
  `);
}

async function up(): Promise<string> {
  const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview"]);
  expect(output).not.toMatch(/error:/);
  expect(exitCode).toBe(0);
  return output;
}

beforeAll(async () => {
  image = await importBusybox(`${prefix}-busybox:1`);
});

afterAll(async () => {
  await removeByPrefix(prefix);
});

beforeEach(async () => {
  engine = await makeEngine({ program: "" });
});

afterEach(async () => {
  running?.kill("SIGKILL");
  await running?.done;
  running = undefined;
  await engine.pulumi(["cancel", "--yes"]);
  const { exitCode, output } = await engine.pulumi(["destroy", "--yes", "--skip-preview"]);
  await engine.dispose();
  // What a failed test left must not fail the next one.
  await removeByPrefix(`${prefix}-`, { images: false });
  expect(output).not.toMatch(/error:/);
  expect(exitCode).toBe(0);
});

describe("a container's life", () => {
  it("is created as written, left alone, updated in place, replaced and removed", async () => {
    await engine.setProgram(oneContainer());
    await up();
    const first = await inspect<Container>(`${prefix}-c`);
    expect(first.HostConfig).toMatchObject({ Memory: 32 << 20, MemorySwap: 32 << 20, CpuQuota: 20_000 });
    expect(Object.keys(first.NetworkSettings.Networks)).toEqual([`${prefix}-net`]);
    expect(first.NetworkSettings.Networks[`${prefix}-net`]?.IPAddress).toBe("10.213.7.9");

    expect(await up()).toMatch(/3 unchanged/);
    expect((await inspect<Container>(`${prefix}-c`)).Id).toBe(first.Id);

    await engine.setProgram(oneContainer().replace("memory: 32, memorySwap: 32", "memory: 48, memorySwap: 48"));
    expect(await up()).toMatch(/1 updated/);
    const second = await inspect<Container>(`${prefix}-c`);
    expect(second.Id).toBe(first.Id);
    expect(second.HostConfig).toMatchObject({ Memory: 48 << 20, MemorySwap: 48 << 20 });

    await engine.setProgram(oneContainer(`envs: ["A=1"],`));
    expect(await up()).toMatch(/1 replaced/);
    const third = await inspect<Container>(`${prefix}-c`);
    expect(third.Id).not.toBe(first.Id);
    expect(third.Config.Env).toContain("A=1");

    await engine.setProgram(program(""));
    expect(await up()).toMatch(/2 deleted/);
    expect(await docker("ps", "-aq", "--filter", `name=${prefix}-c`)).toBe("");
    expect(await docker("network", "ls", "-q", "--filter", `name=${prefix}-net`)).toBe("");
  });
});

describe("faults of the official plugin", () => {
  const container = (): Promise<Container> => inspect<Container>(`${prefix}-c`);
  const changeTo = async (text: string, outcome: RegExp): Promise<void> => {
    await engine.setProgram(text);
    expect(await up()).toMatch(outcome);
  };

  it("a changed CPU quota counts as updated, and nothing is done", async () => {
    await changeTo(oneContainer(), /3 created/);
    const changed = oneContainer().replace("cpuQuota: 20000", "cpuQuota: 10000");
    await changeTo(changed, /1 updated/);
    expect((await container()).HostConfig.CpuQuota).toBe(20_000);
    await changeTo(changed, /3 unchanged/);
  });

  it("health times in another form than Go's replace the container on every run", async () => {
    const odd = oneContainer().replace('timeout: "1s"', 'timeout: "60s"');
    const replaced = odd.replace(/\}\);\s*$/, `}, { replaceOnChanges: ["healthcheck"] });`);
    await changeTo(replaced, /3 created/);
    await changeTo(replaced, /1 replaced/);
    await changeTo(replaced, /1 replaced/);
    await changeTo(replaced.replace('"60s"', '"1m0s"'), /3 unchanged/);
  });

  it("a changed health check counts as updated, and nothing is done", async () => {
    await changeTo(oneContainer(), /3 created/);
    const { Id: id } = await container();
    await changeTo(oneContainer().replace('interval: "1s"', 'interval: "2s"'), /1 updated/);
    const found = await container();
    expect([found.Id, found.Config.Healthcheck?.Interval]).toEqual([id, 1e9]);
  });

  it("the network of networkMode gives neither address nor alias", async () => {
    await changeTo(oneContainer("networkMode: net.name,"), /3 created/);
    const found = (await container()).NetworkSettings.Networks[`${prefix}-net`];
    expect(found?.IPAddress).toBe("10.213.7.2");
    expect(found?.Aliases ?? []).not.toContain("cee");
  });

  it("volumeOptions are refused below API 1.45", async () => {
    await engine.setProgram(
      oneContainer(`mounts: [{ type: "volume", target: "/v", source: name("v"), volumeOptions: { noCopy: true } }],`),
    );
    const refused = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    const api = await docker("version", "--format", "{{.Server.APIVersion}}");
    if (Number(api.split(".")[1]) >= 45) expect(refused.exitCode).toBe(0);
    else expect(refused.output).toContain("docker.Container.mounts.volumeOptions needs API 1.45");
  });
});

describe("changes by hand", () => {
  /** Refreshes, deploys and looks at the container again. */
  async function repaired(): Promise<Container> {
    const { exitCode } = await engine.pulumi(["refresh", "--yes", "--skip-preview"]);
    expect(exitCode).toBe(0);
    await up();
    return inspect<Container>(`${prefix}-c`);
  }

  beforeEach(async () => {
    await engine.setProgram(oneContainer());
    await up();
  });

  it("finds a stopped container and starts it again", async () => {
    const { Id: id } = await inspect<Container>(`${prefix}-c`);
    await docker("stop", "-t", "0", `${prefix}-c`);
    const found = await repaired();
    expect(found.Id).toBe(id);
    expect(found.State.Running).toBe(true);
  });

  it("finds a changed limit and sets it back, without a new container; a CPU quota it leaves", async () => {
    const { Id: id } = await inspect<Container>(`${prefix}-c`);
    await docker("update", "--memory", "64m", "--memory-swap", "64m", "--cpu-quota", "50000", `${prefix}-c`);
    const found = await repaired();
    expect(found.Id).toBe(id);
    expect(found.HostConfig).toMatchObject({ Memory: 32 << 20, MemorySwap: 32 << 20, CpuQuota: 50_000 });
  });

  it("finds a removed container and makes it anew", async () => {
    const { Id: id } = await inspect<Container>(`${prefix}-c`);
    await docker("rm", "-f", `${prefix}-c`);
    const found = await repaired();
    expect(found.Id).not.toBe(id);
    expect(found.State.Running).toBe(true);
  });

  it("finds a container that was taken off its network, or put on another", async () => {
    await docker("network", "disconnect", `${prefix}-net`, `${prefix}-c`);
    const found = await repaired();
    expect(found.NetworkSettings.Networks[`${prefix}-net`]?.IPAddress).toBe("10.213.7.9");

    await docker("network", "connect", "bridge", `${prefix}-c`);
    expect(Object.keys((await inspect<Container>(`${prefix}-c`)).NetworkSettings.Networks)).toContain("bridge");
    expect(Object.keys((await repaired()).NetworkSettings.Networks)).toEqual([`${prefix}-net`]);
  });
});

describe("failures", () => {
  it("previews a host that does not exist, and says what to type when it has to be reached", async () => {
    await engine.setProgram(
      program(`
        const provider = new docker.Provider("far", {
          host: "ssh://nobody@host.invalid", sshOpts: ["-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=2"],
        });
        new docker.Container("c", { name: name("far"), image, memory: 8 }, { provider });
      `),
    );
    const preview = await engine.pulumi(["preview"]);
    expect(preview.output).toMatch(/\+ 3 to create/);
    expect(preview.exitCode).toBe(0);

    const deployed = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    expect(deployed.exitCode).not.toBe(0);
    expect(deployed.output).toContain("no Docker daemon answers at ssh://nobody@host.invalid");
    expect(deployed.output).toContain("docker --host ssh://nobody@host.invalid version");
  });

  it("names who holds the port, and leaves the container as it was created until a refresh finds it stopped", async () => {
    const container = (part: string, port: number) =>
      `new docker.Container("${part}", { name: name("${part}"), image, command: ["/bin/sleep", "1000"],
        ports: [{ internal: 80, external: ${port}, ip: "127.0.0.1" }] });`;
    await docker("run", "-d", "--name", `${prefix}-holder`, "-p", "127.0.0.1:48761:80", image, "/bin/sleep", "1000");
    await engine.setProgram(program(container("port", 48_761)));
    const failed = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain(`port 48761 of the host is in use: container ${prefix}-holder publishes it`);

    await docker("rm", "-f", `${prefix}-holder`);
    expect(await up()).toMatch(/1 updated/);
    expect((await inspect<Container>(`${prefix}-port`)).State.Running).toBe(false);
    expect(failed.output).toContain("pulumi up --refresh");
    const refreshed = await engine.pulumi(["up", "--yes", "--skip-preview", "--refresh"]);
    expect(refreshed.exitCode, refreshed.output).toBe(0);
    expect((await inspect<Container>(`${prefix}-port`)).State.Running).toBe(true);
  });

  it("names who holds the name, and leaves it alone", async () => {
    const holder = await docker("run", "-d", "--name", `${prefix}-c`, image, "/bin/sleep", "1000");
    await engine.setProgram(
      program(`new docker.Container("c", { name: name("c"), image, command: ["/bin/sleep", "1000"] });`),
    );
    const failed = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain(`the name ${prefix}-c is in use by container ${holder.slice(0, 12)}`);
    expect((await inspect<Container>(`${prefix}-c`)).Id).toBe(holder);
    await docker("rm", "-f", `${prefix}-c`);
  });

  it("keeps the id of a container that does not get healthy, and repairs it with the next up", async () => {
    const sick = `healthcheck: { tests: ["CMD", "/bin/cat", "/tmp/ok"], interval: "1s", retries: 1 }, wait: true, waitTimeout: 4,`;
    const text = program(
      `new docker.Container("c", { name: name("c"), image, command: ["/bin/sleep", "1000"], ${sick} });`,
    );
    await engine.setProgram(text);
    const failed = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain(`container ${prefix}-c is not healthy after 4 s`);
    const { Id: id } = await inspect<Container>(`${prefix}-c`);
    expect((await engine.resources()).find((resource) => resource.type.endsWith(":Container"))?.id).toBe(id);

    await docker("exec", `${prefix}-c`, "/bin/busybox", "touch", "/tmp/ok");
    await up();
    expect((await inspect<Container>(`${prefix}-c`)).Id).toBe(id);
  });

  it("refuses what it does not implement, what it does not know and what has the wrong type, all at once", async () => {
    await engine.setProgram(
      program(
        `new docker.Container("c", { name: name("c"), image, gpus: "all", memory: "much", colour: "red" } as never);`,
      ),
    );
    const { exitCode, output } = await engine.pulumi(["preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("docker.Container.gpus is not implemented by the lab plugin");
    expect(output).toContain("docker.Container.memory is a text; expected a whole number");
  });

  it("refuses a state that the official plugin wrote", async () => {
    await engine.setProgram(program(`new docker.Volume("v", { name: name("v") });`));
    await up();
    const { stdout } = await engine.pulumi(["stack", "export"]);
    const original = stdout;
    await importState(stdout.replace(/"__garrisonLab": "[^"]*",?/, ""));
    const refused = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain("this state was written by the official docker plugin");
    await importState(original);
  });
});

describe("interruptions", () => {
  const slow = `healthcheck: { tests: ["CMD", "/bin/false"], interval: "1s", retries: 1000 }, wait: true, waitTimeout: 120,`;
  const waiting = () =>
    program(`new docker.Container("c", { name: name("c"), image, command: ["/bin/sleep", "1000"], ${slow}
      labels: [{ label: "garrison.estate", value: name("e") }] });`);
  const healthy = () => waiting().replace("/bin/false", "/bin/true");

  async function untilRunning(): Promise<Container> {
    await expect.poll(() => docker("ps", "-q", "--filter", `name=${prefix}-c`), { timeout: 60_000 }).not.toBe("");
    return inspect<Container>(`${prefix}-c`);
  }

  it("records what exists when it is cancelled while waiting", async () => {
    await engine.setProgram(waiting());
    running = engine.start(["up", "--yes", "--skip-preview"]);
    const { Id: id } = await untilRunning();
    running.kill("SIGINT");
    const { exitCode, output } = await running.done;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("cancelled");
    const state = await engine.resources();
    expect(state.find((resource) => resource.type.endsWith(":Container"))?.id).toBe(id);
  });

  it("leaves no process and no container when the engine is killed, and the next up completes", async () => {
    await engine.setProgram(waiting());
    running = engine.start(["up", "--yes", "--skip-preview"]);
    await untilRunning();
    const plugins = await children(running.pid);
    expect(plugins.length).toBeGreaterThan(0);
    running.kill("SIGKILL");
    await running.done;
    await expect.poll(() => plugins.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    expect(await docker("ps", "-aq", "--filter", `name=${prefix}-c`)).toBe("");

    await engine.pulumi(["cancel", "--yes"]);
    await engine.setProgram(healthy());
    await up();
    expect((await inspect<Container>(`${prefix}-c`)).State.Running).toBe(true);
  });

  it("takes the place of a container that a killed run made and could not record", async () => {
    await docker("run", "-d", "--name", `${prefix}-c`, "--label", `garrison.estate=${prefix}-e`, image, "/bin/true");
    await engine.setProgram(healthy());
    expect(await up()).toContain("an interrupted run left it behind");
    expect((await inspect<Container>(`${prefix}-c`)).State.Running).toBe(true);
  });
});

async function importState(text: string): Promise<void> {
  const file = join(engine.project, "state.json");
  await writeFile(file, text);
  const { exitCode, output } = await engine.pulumi(["stack", "import", "--force", "--file", file]);
  expect(exitCode, output).toBe(0);
}

/** The process ids below one. The kernel lists children by the thread that made them. */
async function children(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8")));
  const ids = lists.flatMap((list) => list.split(" ").filter((id) => id !== "")).map(Number);
  return [...ids, ...(await Promise.all(ids.map(children))).flat()];
}

/** A zombie is dead: nobody may have collected it yet. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
