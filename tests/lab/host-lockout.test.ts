import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Bundle } from "#components/host/bundle/bundle.ts";
import { bundleId } from "#components/host/bundle/bundle.ts";
import { hostScript, PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { sshOptions } from "#components/host/docker-host.ts";
import { applyLine } from "#components/host/host.ts";
import { bootHost, replaceIn, shutOut } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { startMachine, until } from "../support/debian-machine.ts";
import { testPrefix } from "../support/docker.ts";

// The way in: who gets in over real ssh, and what becomes of a change that shuts the deployer out.
const minutes = 60_000;
let host: BootedHost;

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-lockout`);
}, 15 * minutes);

afterAll(() => host.remove());

beforeEach(() => host.settle(planBundle(host.spec())));

test(
  "a machine gets its whole configuration, everything of it runs, and it stays after a restart",
  async () => {
    expect(await host.getsIn()).toBe(true);
    expect(await host.getsIn(host.other.file)).toBe(false);
    const { stdout } = await host.machine.shell(
      "systemctl is-active ssh nginx fail2ban docker garrison-rules backup.timer; fail2ban-client status | sed -n 's/.*Number of jail:\\t*//p'; nft list tables | grep garrison; sshd -T | grep -E '^(permitrootlogin|passwordauthentication) '; systemctl --failed --plain --no-legend",
    );
    expect(stdout.split("\n")).toEqual([
      ...Array<string>(6).fill("active"),
      "6",
      "table inet garrison-host",
      "permitrootlogin no",
      "passwordauthentication no",
    ]);
    expect(JSON.parse((await host.machine.run(planBundle(host.spec()), "apply")).stdout)).toMatchObject({
      state: "unchanged",
    });

    await host.reboot();
    await until(() => host.getsIn(), 60);
    expect((await host.machine.shell("nft list tables; systemctl is-active garrison-rules")).stdout).toContain(
      "table inet garrison-host",
    );
    expect(JSON.parse((await host.machine.run(planBundle(host.spec()), "apply")).stdout)).toMatchObject({
      state: "unchanged",
    });
  },
  3 * minutes,
);

function comingFrom(operatorsFrom: readonly string[], deployerFrom: readonly string[]): HostSpec {
  return host.spec({ access: { ...host.spec().access, operatorsFrom, deployerFrom } });
}

/** Undone after a shorter time than a specification may ask for: that it happens is what is tested. */
const soon = (bundle: Bundle): Bundle => ({ ...bundle, confirmSeconds: 10 });

const lockouts: Readonly<Record<string, (bundle: Bundle) => Bundle>> = {
  "a wrong key": (bundle) => replaceIn(bundle, "/etc/ssh/authorized_keys.d/", host.key.publicKey, host.other.publicKey),
  "an AllowUsers without the deployer": (bundle) =>
    replaceIn(bundle, "/etc/ssh/sshd_config.d/", "AllowUsers deploy ops", "AllowUsers ops"),
  "a firewall that lets nobody in": () => shutOut(host.spec()),
  "a deployer who comes from elsewhere than the list says": () =>
    planBundle(comingFrom(["198.51.100.0/24"], ["203.0.113.7"])),
  "a shell that ends at once": (bundle) => ({
    ...bundle,
    users: bundle.users.map((user) => ({ ...user, shell: "/bin/false" })),
  }),
};

test.each(Object.entries(lockouts))(
  "%s locks the deployer out until the timer undoes it",
  async (_, change) => {
    const bundle = soon(change(planBundle(host.spec())));
    const applied = await host.machine.run(bundle, "apply");
    expect(JSON.parse(applied.stdout), applied.stderr).toMatchObject({ state: "waiting", guarded: true });
    expect(await host.getsIn()).toBe(false);
    await until(() => host.getsIn(), 60);
    const late = await host.machine.shell(`sh ${PROGRAM_PATH} confirm ${bundleId(bundle)}`);
    expect(late.exitCode).toBe(1);
    expect(late.stderr).toContain("undone before it was confirmed");
    expect(JSON.parse((await host.machine.run(planBundle(host.spec()), "apply")).stdout)).toMatchObject({
      state: "unchanged",
    });
  },
  2 * minutes,
);

test(
  "an operator who moves gets in from the new address and no longer from the old one",
  async () => {
    const operator = await startMachine(`${host.machine.name}-operator`, { booted: false });
    try {
      await operator.shell("umask 077; cat >/root/key", await readFile(host.key.file, "utf8"));
      const options = "-o BatchMode=yes -o ConnectTimeout=3 -o StrictHostKeyChecking=no -i /root/key";
      const comesIn = async () =>
        (await operator.shell(`ssh ${options} ops@${host.machine.address} true`)).exitCode === 0;
      await host.settle(planBundle(comingFrom(["198.51.100.0/24"], [host.gateway])));
      expect(await comesIn()).toBe(false);
      await host.settle(planBundle(comingFrom([operator.address], [host.gateway])));
      expect(await comesIn()).toBe(true);
      await host.settle(planBundle(comingFrom(["198.51.100.0/24"], [host.gateway])));
      expect(await comesIn()).toBe(false);
      expect(await host.getsIn()).toBe(true);
    } finally {
      await operator.remove();
    }
  },
  2 * minutes,
);

test(
  "a reboot before the confirmation undoes the change before sshd starts",
  async () => {
    const bundle = shutOut(host.spec({ confirmSeconds: 900 }));
    expect(JSON.parse((await host.machine.run(bundle, "apply")).stdout)).toMatchObject({ state: "waiting" });
    expect(await host.getsIn()).toBe(false);
    await host.reboot();
    await until(() => host.getsIn(), 60);
    expect((await host.machine.shell("nft list table inet garrison-host")).stdout).toContain("tcp dport 22 accept");
  },
  3 * minutes,
);

test(
  "a connection that is older than the change confirms nothing; a new one does",
  async () => {
    const options = [
      "-o",
      "ControlMaster=auto",
      "-o",
      `ControlPath=${join(host.directory, "shared")}`,
      "-o",
      "ControlPersist=60",
    ];
    expect((await host.ssh(host.key.file, "true", ...options)).exitCode).toBe(0);
    const bundle = planBundle(host.spec({ sysctl: {}, firewall: { open: [] } }));
    expect(JSON.parse((await host.machine.run(bundle, "apply")).stdout)).toMatchObject({ state: "waiting" });
    const confirm = `sudo -n sh ${PROGRAM_PATH} confirm`;
    const old = await host.ssh(host.key.file, confirm, ...options);
    expect(old.exitCode).toBe(1);
    expect(old.stderr).toContain("older than the change");
    expect((await host.ssh(host.key.file, confirm)).exitCode).toBe(0);
    expect(
      (
        await host.machine.shell(
          "systemctl list-timers --no-legend 'garrison-host-undo*'; nft list table inet garrison-host",
        )
      ).stdout,
    ).not.toMatch(/undo|dport 443/);
  },
  2 * minutes,
);

test(
  "the engine's command applies over one connection, and confirms over one of its own",
  async () => {
    const hostKey = (await execa("ssh-keyscan", ["-t", "ed25519", host.machine.address])).stdout
      .split(" ")
      .slice(1)
      .join(" ");
    const settings = {
      host: `ssh://deploy@${host.machine.address}`,
      hostKey,
      identityFile: host.key.file,
      cgroupDriver: "systemd",
    } as const;
    const connections = async () =>
      Number((await host.machine.shell("journalctl -u ssh -q --no-pager | grep -c 'Accepted publickey'")).stdout);
    const run = async (bundle: Bundle) => {
      const before = await connections();
      const { exitCode, stdout, stderr } = await execa("sh", ["-c", applyLine(settings, bundleId(bundle))], {
        input: hostScript(bundle),
        reject: false,
      });
      await execa("ssh", ["-O", "exit", ...sshOptions(settings), `deploy@${host.machine.address}`], {
        reject: false,
      });
      return { exitCode, stdout, stderr, connections: (await connections()) - before };
    };
    const bundle = planBundle(host.spec({ firewall: { open: [] } }));
    expect(await run(bundle)).toMatchObject({ exitCode: 0, connections: 2 });
    expect(await run(bundle)).toMatchObject({ exitCode: 0, connections: 1 });
    expect(JSON.parse((await run(bundle)).stdout)).toMatchObject({ state: "unchanged" });
    const bad = replaceIn(soon(bundle), "/etc/ssh/sshd_config.d/", "AllowUsers deploy ops", "AllowUsers ops");
    const refused = await run(bad);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("undoes the change by itself");
    await until(() => host.getsIn(), 60);
  },
  3 * minutes,
);
