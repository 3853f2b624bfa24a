import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureLabImages } from "#lab/images/ensure.ts";
import { ensureGvisor } from "#scripts/docker/gvisor.ts";
import { office } from "#stacks/office.ts";
import { docker, removeByPrefix } from "../support/docker.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { cgroupLimit } from "../support/kernel.ts";
import { checkout } from "../support/machine-stack.ts";
import { startSshd } from "../support/sshd.ts";
import type { TestSshd } from "../support/sshd.ts";

// A machine of two services, deployed over a real ssh connection with the settings that an operator writes.
const minutes = 60_000;
const estate = `ssh${Math.random().toString(36).slice(2, 6)}`;
let sshd: TestSshd;
let engine: TestEngine;
let files = "";

/** The public key without the comment behind it. */
const pinned = (line: string): string => line.trim().split(" ").slice(0, 2).join(" ");

function program(hostKey: string, block = "10.129.0.0/16"): string {
  const config = {
    "garrison:lab": "true",
    "garrison:machine": "office",
    "garrison:estate": estate,
    "garrison:docker": JSON.stringify({
      host: `ssh://${sshd.user}@127.0.0.1:${String(sshd.port)}`,
      hostKey: pinned(hostKey),
      identityFile: join(files, "key"),
      cgroupDriver: "cgroupfs",
    }),
    "garrison:resources": JSON.stringify({ memoryMiB: 8192, cpus: 2, openFiles: 1024 }),
    "garrison:network": block,
    "garrison:imagesLock": join(files, "images.lock.json"),
  };
  return `
    import { readFileSync } from "node:fs";
    import { parseImageLock } from "${checkout}/components/container/image-lock.ts";
    import { internal } from "${checkout}/components/machine/machine-definition.ts";
    import { Machine } from "${checkout}/components/machine/machine.ts";
    import { flow } from "${checkout}/components/network/flow.ts";
    import { planMachine } from "${checkout}/components/machine/plan-machine.ts";
    import { password } from "${checkout}/components/secrets/secret.ts";
    import { parseSettings } from "${checkout}/stacks/settings.ts";
    import { office } from "${checkout}/stacks/office.ts";
    const settings = parseSettings(${JSON.stringify(config)}, "office");
    const services = office.services.filter(({ name }) => ["valkey", "openclaw-sandbox"].includes(name));
    const networks = [internal("cache", 1, "a test", ["valkey"])];
    const secrets = [password("valkey-search", "a test")];
    const flows = [flow("host", "valkey", 6379, "a test")];
    const definition = { role: "office" as const, services, flows, networks, allowed: [], secrets };
    const images = parseImageLock(JSON.parse(readFileSync(settings.imagesLock ?? "", "utf8")));
    new Machine("office", planMachine({ definition, settings, stack: "office", images, unlocked: "refuse" }));
  `;
}

beforeAll(async () => {
  await ensureGvisor(new Docker(), false, "npm test -- lab");
  files = await mkdtemp(join(tmpdir(), "garrison-ssh-machine-"));
  sshd = await startSshd();
  await writeFile(join(files, "key"), sshd.privateKey, { mode: 0o600 });
  await ensureLabImages({
    services: office.services,
    keys: ["valkey", "openclaw-sandbox"],
    lockFile: join(files, "images.lock.json"),
  });
  engine = await makeEngine({ program: "" });
}, 15 * minutes);

afterAll(async () => {
  await removeByPrefix(`${estate}-`, { images: false });
  await engine.dispose();
  sshd.stop();
  await rm(files, { recursive: true, force: true });
});

const pidOf = async (name: string): Promise<number> => Number(await docker("inspect", "-f", "{{.State.Pid}}", name));
const pidsOf = async (name: string) => cgroupLimit(await pidOf(name), "pids", { v1: "pids.max", v2: "pids.max" });

test("a wrong host key stops everything before a container exists", async () => {
  await engine.setProgram(program(sshd.otherHostKey));
  const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview"]);
  expect(exitCode).not.toBe(0);
  expect(output).toContain("Host key verification failed");
  expect(await docker("ps", "-aq", "--filter", `label=garrison.estate=${estate}`)).toBe("");
});

test(
  "the pinned key lets the machine be deployed, with volumes and limits in place",
  async () => {
    await engine.setProgram(program(sshd.hostKey));
    const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview"]);
    expect(exitCode, output).toBe(0);
    expect(await docker("inspect", "-f", "{{.State.Health.Status}}", `${estate}-valkey`)).toBe("healthy");
    const data = await stat(await docker("volume", "inspect", "-f", "{{.Mountpoint}}", `${estate}-valkey-data`));
    expect({ uid: data.uid, mode: data.mode & 0o777 }).toEqual({ uid: 20_012, mode: 0o700 });
    const users = await stat(`/run/garrison/${estate}/valkey/etc-valkey/users.acl`);
    expect({ uid: users.uid, mode: users.mode & 0o777 }).toEqual({ uid: 20_012, mode: 0o400 });
    expect((await pidsOf(`${estate}-valkey`)).own).toBe("64");
    expect(await pidsOf(`${estate}-openclaw-sandbox`)).toMatchObject({ parent: "256" });
  },
  5 * minutes,
);

test(
  "a second deployment changes nothing, and no private key is in the state",
  async () => {
    const { exitCode, output } = await engine.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    expect(exitCode, output).toBe(0);
    const state = JSON.stringify(await engine.resources({ showSecrets: true }));
    const key = await readFile(join(files, "key"), "utf8");
    const middle = key.split("\n")[2] ?? "";
    expect(middle.length).toBeGreaterThan(40);
    expect(state).not.toContain(middle);
  },
  5 * minutes,
);

test(
  "another address block moves the network together with its containers",
  async () => {
    const address = `{{(index .NetworkSettings.Networks "${estate}-cache").IPAddress}}`;
    expect(await docker("inspect", "-f", address, `${estate}-valkey`)).toBe("10.129.0.77");
    await engine.setProgram(program(sshd.hostKey, "10.128.0.0/16"));
    const { exitCode, output } = await engine.pulumi(["up", "--yes"]);
    expect(exitCode, output).toBe(0);
    expect(await docker("inspect", "-f", address, `${estate}-valkey`)).toBe("10.128.0.77");
    expect((await pidsOf(`${estate}-valkey`)).own).toBe("64");
  },
  5 * minutes,
);

test(
  "nothing of it stays but the data",
  async () => {
    const { exitCode, output } = await engine.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(exitCode, output).toBe(0);
    expect(await docker("ps", "-aq", "--filter", `label=garrison.estate=${estate}`)).toBe("");
    expect(await docker("volume", "ls", "-q", "--filter", `label=garrison.estate=${estate}`)).toBe(
      `${estate}-valkey-data`,
    );
    const left = await docker("network", "ls", "-q", "--filter", `label=garrison.estate=${estate}`);
    expect(left).toBe("");
    await expect(stat(`/sys/fs/cgroup/pids/garrison-${estate}`)).rejects.toThrow("ENOENT");
    await expect(stat(`/run/garrison/${estate}`)).rejects.toThrow("ENOENT");
  },
  5 * minutes,
);
