import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Bundle } from "../../components/host/bundle/bundle.ts";
import type { HostSpec } from "../../components/host/bundle/host-spec.ts";
import { planBundle } from "../../components/host/bundle/plan-bundle.ts";
import { applyLine } from "../../components/host/host.ts";
import { HOST_PROGRAM, hostScript, PROGRAM_PATH } from "../../components/host/bundle/host-script.ts";
import { bundleId, renderManifest } from "../../components/host/bundle/bundle.ts";
import { docker, testPrefix } from "../support/docker.ts";
import { keyPair, startMachine, until } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { aHost } from "../unit/components/host/bundle/a-host.ts";

// A Debian 12 with systemd as process 1, its own sshd, nftables, nginx and fail2ban, configured over real ssh.
const minutes = 60_000;
const prefix = testPrefix();
let machine: DebianMachine;
let ours = "";
let directory = "";
let key = { file: "", publicKey: "" };
let other = { file: "", publicKey: "" };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-lockout-"));
  key = await keyPair(directory, "right");
  other = await keyPair(directory, "wrong");
  machine = await startMachine(`${prefix}-booted`, { booted: true });
  ours = await docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", machine.name);
}, 15 * minutes);

afterAll(async () => {
  await machine.remove();
  await rm(directory, { recursive: true, force: true });
});

/** The example with real keys, without what a container has no kernel for. */
function spec(changes: Partial<HostSpec> = {}): HostSpec {
  const host = aHost();
  const users = host.users.map((user) => ({ ...user, keys: [key.publicKey] }));
  // Tests fail to log in often: like a deployer's, their address is never banned.
  const access = { ...host.access, operatorsFrom: ["0.0.0.0/0", "198.51.100.0/24"], deployerFrom: [ours] };
  return { ...host, users, access, audit: false, confirmSeconds: 30, ...changes };
}

const ssh = (identity: string, script: string, ...options: readonly string[]) =>
  execa(
    "ssh",
    [
      ...[
        "BatchMode=yes",
        "ConnectTimeout=3",
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "LogLevel=ERROR",
        "IdentitiesOnly=yes",
      ].flatMap((option) => ["-o", option]),
      ...options,
      "-i",
      identity,
      `deploy@${machine.address}`,
      script,
    ],
    { reject: false, stdin: "ignore" },
  );
const getsIn = async (identity = key.file): Promise<boolean> => (await ssh(identity, "true")).exitCode === 0;

async function settled(bundle: Bundle): Promise<void> {
  const { exitCode, stderr } = await machine.run(bundle, "apply");
  expect(exitCode, stderr).toBe(0);
  expect((await machine.shell(`sh ${PROGRAM_PATH} confirm`)).exitCode).toBe(0);
}

beforeEach(() => settled(planBundle(spec())));

test(
  "a machine gets its whole configuration, everything of it runs, and it stays after a restart",
  async () => {
    expect(await getsIn()).toBe(true);
    expect(await getsIn(other.file)).toBe(false);
    const { stdout } = await machine.shell(
      "systemctl is-active ssh nginx fail2ban docker garrison-rules backup.timer; fail2ban-client status | sed -n 's/.*Number of jail:\\t*//p'; nft list tables | grep garrison; sshd -T | grep -E '^(permitrootlogin|passwordauthentication) '; systemctl --failed --plain --no-legend",
    );
    expect(stdout.split("\n")).toEqual([
      ...Array<string>(6).fill("active"),
      "7",
      "table inet garrison-host",
      "permitrootlogin no",
      "passwordauthentication no",
    ]);
    expect(JSON.parse((await machine.run(planBundle(spec()), "apply")).stdout)).toMatchObject({ state: "unchanged" });

    await docker("restart", "-t", "20", machine.name);
    await until(() => getsIn(), 60);
    expect((await machine.shell("nft list tables; systemctl is-active garrison-rules")).stdout).toContain(
      "table inet garrison-host",
    );
    expect(JSON.parse((await machine.run(planBundle(spec()), "apply")).stdout)).toMatchObject({ state: "unchanged" });
  },
  3 * minutes,
);

/** Each goes past `hostProblems`, as a mistake that no rule thought of would. */
const lockouts: Readonly<Record<string, (bundle: Bundle) => Bundle>> = {
  "a wrong key": (bundle) => replace(bundle, "/etc/ssh/authorized_keys.d/", key.publicKey, other.publicKey),
  "an AllowUsers without the deployer": (bundle) =>
    replace(bundle, "/etc/ssh/sshd_config.d/", "AllowUsers deploy ops", "AllowUsers ops"),
  "a firewall that lets nobody in": (bundle) =>
    replace(bundle, "/etc/garrison/rules.d/", "tcp dport 22 accept", "tcp dport 2222 accept"),
  "a shell that ends at once": (bundle) => ({
    ...bundle,
    users: bundle.users.map((user) => ({ ...user, shell: "/bin/false" })),
  }),
};

function replace(bundle: Bundle, path: string, from: string, to: string): Bundle {
  const changed = {
    ...bundle,
    entries: bundle.entries.map((own) =>
      own.path.startsWith(path) ? { ...own, content: own.content.replaceAll(from, to) } : own,
    ),
  };
  expect(changed).not.toEqual(bundle);
  return changed;
}

test.each(Object.entries(lockouts))(
  "%s locks the deployer out until the timer undoes it",
  async (_, change) => {
    const applied = await machine.run(change(planBundle(spec())), "apply");
    expect(JSON.parse(applied.stdout), applied.stderr).toMatchObject({ state: "waiting", guarded: true });
    expect(await getsIn()).toBe(false);
    await until(() => getsIn(), 60);
    const late = await machine.shell(`sh ${PROGRAM_PATH} confirm ${bundleId(change(planBundle(spec())))}`);
    expect(late.exitCode).toBe(1);
    expect(late.stderr).toContain("undone before it was confirmed");
    expect(JSON.parse((await machine.run(planBundle(spec()), "apply")).stdout)).toMatchObject({ state: "unchanged" });
  },
  2 * minutes,
);

test(
  "a reboot before the confirmation undoes the change before sshd starts",
  async () => {
    const bundle = replace(
      planBundle(spec({ confirmSeconds: 900 })),
      "/etc/garrison/rules.d/",
      "tcp dport 22 accept",
      "tcp dport 2222 accept",
    );
    expect(JSON.parse((await machine.run(bundle, "apply")).stdout)).toMatchObject({ state: "waiting" });
    expect(await getsIn()).toBe(false);
    await docker("restart", "-t", "20", machine.name);
    await until(() => getsIn(), 60);
    expect((await machine.shell("nft list table inet garrison-host")).stdout).toContain("tcp dport 22 accept");
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
      `ControlPath=${join(directory, "shared")}`,
      "-o",
      "ControlPersist=60",
    ];
    expect((await ssh(key.file, "true", ...options)).exitCode).toBe(0);
    const bundle = planBundle(spec({ sysctl: {}, firewall: { open: [] } }));
    expect(JSON.parse((await machine.run(bundle, "apply")).stdout)).toMatchObject({ state: "waiting" });
    const confirm = `sudo -n sh ${PROGRAM_PATH} confirm`;
    const old = await ssh(key.file, confirm, ...options);
    expect(old.exitCode).toBe(1);
    expect(old.stderr).toContain("older than the change");
    expect((await ssh(key.file, confirm)).exitCode).toBe(0);
    expect(
      (
        await machine.shell(
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
    const hostKey = (await execa("ssh-keyscan", ["-t", "ed25519", machine.address])).stdout
      .split(" ")
      .slice(1)
      .join(" ");
    const settings = {
      host: `ssh://deploy@${machine.address}`,
      hostKey,
      identityFile: key.file,
      cgroupDriver: "systemd",
    } as const;
    const connections = async () =>
      Number((await machine.shell("journalctl -u ssh -q --no-pager | grep -c 'Accepted publickey'")).stdout);
    const run = async (bundle: Bundle) => {
      const before = await connections();
      const { exitCode, stdout, stderr } = await execa("sh", ["-c", applyLine(settings, bundleId(bundle))], {
        input: hostScript(bundle),
        reject: false,
      });
      await execa("ssh", ["-O", "exit", "-o", `ControlPath=~/.ssh/garrison-%C`, `deploy@${machine.address}`], {
        reject: false,
      });
      return { exitCode, stdout, stderr, connections: (await connections()) - before };
    };
    const bundle = planBundle(spec({ firewall: { open: [] } }));
    expect(await run(bundle)).toMatchObject({ exitCode: 0, connections: 2 });
    expect(await run(bundle)).toMatchObject({ exitCode: 0, connections: 1 });
    expect(JSON.parse((await run(bundle)).stdout)).toMatchObject({ state: "unchanged" });
    const bad = replace(bundle, "/etc/ssh/sshd_config.d/", "AllowUsers deploy ops", "AllowUsers ops");
    const refused = await run(bad);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("undoes the change by itself");
    await until(() => getsIn(), 60);
  },
  3 * minutes,
);

test(
  "a service that does not start takes everything back, and what ran before runs still",
  async () => {
    const file = { path: "/etc/garrison-demo", content: "new\n" };
    const unit = {
      name: "broken.service",
      unit: { Description: "Ends at once" },
      service: { Type: "exec", ExecStart: "/bin/false" },
      install: { WantedBy: "multi-user.target" },
    };
    const pid = (await machine.shell("systemctl show -P MainPID docker")).stdout;
    const host = spec();
    const refused = await machine.run(
      planBundle({ ...host, files: [...(host.files ?? []), file], units: [...(host.units ?? []), unit] }),
      "apply",
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("unit broken.service does not stay up");
    const { stdout } = await machine.shell(
      "ls /etc/garrison-demo /etc/systemd/system/broken.service 2>/dev/null; systemctl is-active nginx fail2ban ssh; systemctl show -P MainPID docker",
    );
    expect(stdout).toBe(`active\nactive\nactive\n${pid}`);
  },
  2 * minutes,
);

test(
  "no table and no chain of others is touched: not by an apply and not by an undo",
  async () => {
    await machine.shell(
      "nft add table inet theirs; nft add chain inet theirs c '{ type filter hook input priority 0; }'; nft add rule inet theirs c tcp dport 9 drop; iptables -N DOCKER-USER; iptables -A DOCKER-USER -s 192.0.2.1 -j DROP; iptables -A FORWARD -j DOCKER-USER",
    );
    const others = async () => (await machine.shell("nft list table inet theirs; iptables -S")).stdout;
    const before = await others();
    expect(before).toMatch(/dport 9 drop[\s\S]*-A DOCKER-USER -s 192.0.2.1/);
    await settled(planBundle(spec({ firewall: { open: [] } })));
    expect(await others()).toBe(before);
    await machine.shell(`sh ${PROGRAM_PATH} rollback`);
    expect(await others()).toBe(before);
    expect((await machine.shell("nft list table inet garrison-host")).stdout).toContain("dport 443 accept");
    await settled(
      planBundle(
        spec({ firewall: { open: [{ port: 80, protocol: "tcp", from: ["0.0.0.0/0"], why: "certificates" }] } }),
      ),
    );
    expect(await others()).toBe(before);
  },
  2 * minutes,
);

test(
  "killed at a step, what was up stays up, the way in is open, and the next apply completes",
  async () => {
    const first = planBundle(spec());
    const host = spec();
    const demo = {
      name: "demo.service",
      unit: { Description: "Stays" },
      service: { Type: "exec", ExecStart: "/bin/sleep infinity" },
      install: { WantedBy: "multi-user.target" },
    };
    const second = planBundle({
      ...host,
      units: [...(host.units ?? []), demo],
      files: [...(host.files ?? []), { path: "/etc/demo", content: "x" }],
      firewall: { open: [] },
      nginx: { sites: {} },
    });
    await machine.shell("cat >/tmp/second", renderManifest(second));
    const step = 'step() { say "$*"; }';
    expect(HOST_PROGRAM).toContain(step);
    let kills = 0;
    for (let number = 1; ; number += 1) {
      await machine.shell(
        "cat >/tmp/program",
        HOST_PROGRAM.replace(
          step,
          () => `n=0\nstep() { n=$((n + 1)); [ "$n" != ${String(number)} ] || kill -9 $$; say "$*"; }`,
        ),
      );
      const killed = await machine.shell("sh /tmp/program apply </tmp/second");
      if (killed.exitCode === 0) break;
      kills += 1;
      expect(killed.exitCode).toBe(137);
      const up = await machine.shell("systemctl is-active ssh nginx fail2ban docker garrison-rules");
      expect(up.stdout, `step ${String(number)}: ${killed.stderr}`).toBe(Array<string>(5).fill("active").join("\n"));
      expect(await getsIn()).toBe(true);
      const next = await machine.run(second, "apply");
      expect(JSON.parse(next.stdout), next.stderr).toMatchObject({ state: "waiting" });
      expect((await machine.shell("systemctl is-active demo; cat /etc/demo")).stdout).toBe("active\nx");
      await settled(first);
      expect((await machine.shell("ls /etc/demo 2>/dev/null; systemctl is-active demo")).stdout).toBe("inactive");
    }
    expect(kills).toBeGreaterThan(12);
  },
  10 * minutes,
);
