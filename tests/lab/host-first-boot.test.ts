import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudInit } from "#components/host/bundle/cloud-init.ts";
import { bundleId } from "#components/host/bundle/bundle.ts";
import { hostScript, PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { firstBootLine, READY } from "#components/host/host-key.ts";
import { rootShell } from "#components/host/host-command.ts";
import { applyLine } from "#components/host/host.ts";
import { keyPair, startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { docker, testPrefix } from "../support/docker.ts";
import { aHost } from "../unit/components/host/bundle/a-host.ts";

// The real cloud-init reads the custom data of a machine that has just started.
const minutes = 60_000;
let machine: DebianMachine;
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-first-boot-"));
  machine = await startMachine(`${testPrefix()}-born`, { booted: true });
}, 15 * minutes);

afterAll(async () => {
  await machine.remove();
  await rm(directory, { recursive: true, force: true });
});

const publicHalf = (line: string): string => line.split(" ").slice(0, 2).join(" ");

test(
  "a machine is born configured, with the key that it was given, and lets its deployer in",
  async () => {
    const login = await keyPair(directory, "login");
    const firstBoot = await keyPair(directory, "first-boot", "ecdsa");
    const host = aHost();
    const gateway = await docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", machine.name);
    const bundle = planBundle({
      ...host,
      users: host.users.map((user) => ({ ...user, keys: [login.publicKey] })),
      access: { ...host.access, deployerFrom: [gateway] },
      audit: false,
    });
    const key = { privateKey: await readFile(firstBoot.file, "utf8"), publicKey: firstBoot.publicKey };
    const { userData, complete } = cloudInit(bundle, key);
    expect(complete).toBe(true);
    const seed = "/var/lib/cloud/seed/nocloud";
    await machine.shell(
      `mkdir -p ${seed}; cat >${seed}/user-data; echo "instance-id: born" >${seed}/meta-data; printf 'datasource_list: [NoCloud, None]\\nnetwork: {config: disabled}\\nlocale: false\\n' >/etc/cloud/cloud.cfg.d/90-test.cfg`,
      userData,
    );
    const schema = await machine.shell(`cloud-init schema --config-file ${seed}/user-data`);
    expect(schema.exitCode, schema.stderr + schema.stdout).toBe(0);
    const stages = ["init --local", "init", "modules --mode=config", "modules --mode=final"].map(
      (stage) => `cloud-init ${stage}`,
    );
    const born = await machine.shell(stages.join(" && "));
    expect(born.exitCode, born.stderr + born.stdout).toBe(0);
    expect(
      (
        await machine.shell(
          "ls /run/garrison-first-boot /var/lib/garrison/host/waiting 2>/dev/null; systemctl is-active nginx fail2ban",
        )
      ).stdout,
    ).toBe("active\nactive");
    await machine.shell("systemctl restart ssh");

    const firstBootKey = publicHalf(firstBoot.publicKey);
    const over = (hostKey: string) => ({
      host: `ssh://deploy@${machine.address}`,
      hostKey,
      identityFile: login.file,
      cgroupDriver: "systemd" as const,
    });
    const told = (line: string, input: string) => execa("sh", ["-c", line], { reject: false, input });
    const ask = () => told(firstBootLine(over(firstBootKey)), READY);
    const lasting = await ask();
    expect(lasting.exitCode, lasting.stderr).toBe(0);
    expect(lasting.stdout).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]+$/);
    // Cut off before the answer was written down: the first key still opens, and the answer is the same.
    expect((await ask()).stdout).toBe(lasting.stdout);
    // Cut off between the two halves of the new pair: it is made again.
    await machine.shell("rm /etc/ssh/ssh_host_ed25519_key");
    const again = await ask();
    expect(again.stdout).toMatch(/^ssh-ed25519 /);
    expect(again.stdout).not.toBe(lasting.stdout);

    const apply = await told(applyLine(over(again.stdout), bundleId(bundle)), hostScript(bundle));
    expect(apply.stdout, apply.stderr).toContain('"state":"unchanged"');
    const forget = rootShell(over(again.stdout), `${PROGRAM_PATH} forget ${firstBootKey.split(" ")[1] ?? ""}`, "fresh");
    for (const time of ["first", "second"]) {
      const { exitCode, stderr } = await told(forget, "");
      expect(exitCode, `${time}: ${stderr}`).toBe(0);
    }
    const whoami = (hostKey: string) => told(rootShell(over(hostKey), "-c 'id -u'", "fresh"), "");
    expect((await whoami(again.stdout)).stdout).toBe("0");
    expect((await whoami(firstBootKey)).stderr).toContain("Host key verification failed");
    expect((await machine.shell("ls /etc/ssh/ssh_host_*")).stdout.split("\n")).toEqual([
      "/etc/ssh/ssh_host_ed25519_key",
      "/etc/ssh/ssh_host_ed25519_key.pub",
    ]);
    expect(JSON.parse((await machine.run(bundle, "apply")).stdout)).toMatchObject({ state: "unchanged" });
  },
  3 * minutes,
);
