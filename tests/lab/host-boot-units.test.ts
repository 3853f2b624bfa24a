import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesScript } from "#components/files/files-script.ts";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import { startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { testPrefix } from "../support/docker.ts";

// What a machine does at every start, started by the real systemd, within what its unit lets it do.
const minutes = 60_000;
const estate = `gt${randomBytes(2).toString("hex")}`;
let machine: DebianMachine;

beforeAll(async () => {
  machine = await startMachine(`${testPrefix()}-units`, { booted: true, docker: true });
}, 15 * minutes);

afterAll(() => machine.remove());

test("the unit of the files mounts them where everybody sees them, as their user's", async () => {
  const files = {
    service: "page",
    user: { uid: 20_001, gid: 20_001 },
    secrets: [],
    directories: [{ source: `/run/garrison/${estate}/page/etc-page`, target: "/etc/page", files: { key: "a secret" } }],
  };
  const delivered = await machine.shell("sh -s apply", filesScript(estate, [files]));
  expect(delivered.exitCode, delivered.stderr).toBe(0);
  const at = `/run/garrison/${estate}`;
  expect((await machine.shell(`umount ${at}; ls ${at}`)).stdout).toBe("");
  const started = await machine.shell(
    `systemctl start garrison-${estate}-files || journalctl -u garrison-${estate}-files`,
  );
  expect(started.stdout).toBe("");
  const { stdout } = await machine.shell(
    `cat ${at}/page/etc-page/key; echo; stat -c '%a %u:%g' ${at}/page/etc-page/key`,
  );
  expect(stdout).toBe("a secret\n400 20001:20001");
});

test("the unit of the rules loads them", async () => {
  const input = { estate, networks: [], flows: [], resolvers: [], publishAddress: "127.0.0.1" };
  const loaded = await machine.shell("sh -s apply", firewallScript(input));
  expect(loaded.exitCode, loaded.stderr).toBe(0);
  const list = `nft list table inet garrison-${estate}`;
  expect((await machine.shell(`nft delete table inet garrison-${estate}; ${list}`)).exitCode).not.toBe(0);
  // Both of the kernel's switches are part of it.
  await machine.shell("echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables");
  const started = await machine.shell(
    `systemctl start garrison-${estate}-rules || journalctl -u garrison-${estate}-rules`,
  );
  expect(started.stdout).toBe("");
  expect(
    (await machine.shell(`${list} | grep -c counter; cat /proc/sys/net/bridge/bridge-nf-call-iptables`)).stdout,
  ).toMatch(/^[1-9]\d*\n1$/);
});
