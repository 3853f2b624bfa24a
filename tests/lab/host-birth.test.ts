import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudInit } from "../../components/host/bundle/cloud-init.ts";
import { planBundle } from "../../components/host/bundle/plan-bundle.ts";
import { keyPair, startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { docker, testPrefix } from "../support/docker.ts";
import { aHost } from "../unit/components/host/bundle/a-host.ts";

// The real cloud-init reads the custom data of a machine that has just started.
const minutes = 60_000;
let machine: DebianMachine;
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-birth-"));
  machine = await startMachine(`${testPrefix()}-born`, { booted: true });
}, 15 * minutes);

afterAll(async () => {
  await machine.remove();
  await rm(directory, { recursive: true, force: true });
});

test(
  "a machine is born configured, with the key that it was given, and lets its deployer in",
  async () => {
    const login = await keyPair(directory, "login");
    const birth = await keyPair(directory, "birth");
    const host = aHost();
    const gateway = await docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", machine.name);
    const bundle = planBundle({
      ...host,
      users: host.users.map((user) => ({ ...user, keys: [login.publicKey] })),
      access: { ...host.access, deployerFrom: [gateway] },
      audit: false,
    });
    const key = { privateKey: await readFile(birth.file, "utf8"), publicKey: birth.publicKey };
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
          "ls /run/garrison-birth /var/lib/garrison/host/waiting 2>/dev/null; systemctl is-active nginx fail2ban",
        )
      ).stdout,
    ).toBe("active\nactive");
    await machine.shell("systemctl restart ssh");

    const pin = `KnownHostsCommand=/bin/echo %H ${birth.publicKey.split(" ").slice(0, 2).join(" ")}`;
    const options = [
      "BatchMode=yes",
      "StrictHostKeyChecking=yes",
      "UserKnownHostsFile=/dev/null",
      "GlobalKnownHostsFile=/dev/null",
      "IdentitiesOnly=yes",
      pin,
    ];
    const inside = await execa(
      "ssh",
      [...options.flatMap((option) => ["-o", option]), "-i", login.file, `deploy@${machine.address}`, "sudo -n id -u"],
      { reject: false, stdin: "ignore" },
    );
    expect(inside.stdout, inside.stderr).toBe("0");
    expect(JSON.parse((await machine.run(bundle, "apply")).stdout)).toMatchObject({ state: "unchanged" });
  },
  3 * minutes,
);
