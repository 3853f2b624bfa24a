import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import type { RulesInput } from "#components/firewall/render-rules.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { flow } from "#components/network/flow.ts";
import type { PlannedNetwork } from "#components/network/plan-networks.ts";
import { bootHost, replaceIn, shutOut } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { until } from "../support/debian-machine.ts";
import { docker, testPrefix } from "../support/docker.ts";
import { giveImage, networkOf, openConnection, startEcho } from "../support/machine-containers.ts";
import { streamTo } from "../support/packet-stream.ts";
import { attempt, listen } from "../support/packets.ts";
import { meet } from "../support/version6.ts";

// What packets see of an apply, a roll-back and an undo by the timer, on a machine with a real Docker.
const minutes = 60_000;
let host: BootedHost;
const stops: (() => Promise<void>)[] = [];

/** Three services with published ports, of which flows want two to be reached. */
const network: PlannedNetwork = {
  name: "front",
  why: "a test",
  internal: false,
  subnet: "10.77.0.0/24",
  gateway: "10.77.0.1",
  bridge: "demo-front",
  addresses: { page: "10.77.0.2", hidden: "10.77.0.3", away: "10.77.0.4" },
};
const ports = { open: 7001, closed: 7002, published: 7003, hidden: 7004, steady: 7005, away: 7006 } as const;

/** The rules of the estate, which are not the bundle's. */
const rulesOf = (publishAddress: string): RulesInput => ({
  estate: "demo",
  networks: [network],
  flows: [
    flow("lan", "page", [ports.steady, `${ports.published}/udp`], "a test"),
    flow("lan", "away", ports.away, "a test"),
    flow("host", "hidden", ports.steady, "a test"),
  ],
  resolvers: [],
  publishAddress,
});

function spec(open: readonly number[] = [ports.open]): HostSpec {
  const from = ["0.0.0.0/0"];
  return host.spec({
    firewall: { open: open.map((port) => ({ port, protocol: "udp", from, why: "a test" })), estates: ["demo"] },
  });
}

/** Loads the rules of the estate, whatever is there of them. */
async function loadRules(): Promise<void> {
  const { machine } = host;
  const { exitCode, stderr } = await machine.shell("sh -s apply", firewallScript(rulesOf(machine.address)));
  expect(exitCode, stderr).toBe(0);
}

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-packets`, { docker: true });
  const { machine } = host;
  await host.settle(planBundle(spec()));
  await loadRules();
  await giveImage(machine);
  await machine.shell(
    `docker network create -o com.docker.network.bridge.name=${network.bridge} --subnet ${network.subnet} ${network.name}`,
  );
  for (const [name, port] of [
    ["page", ports.published],
    ["hidden", ports.hidden],
  ] as const) {
    const publish = `-p ${String(port)}:${String(port)}/udp ${name === "page" ? `-p ${String(ports.steady)}:${String(ports.steady)}` : ""}`;
    await startEcho(
      machine,
      name,
      ports.steady,
      `--network ${network.name} --ip ${network.addresses[name] ?? ""} ${publish}`,
    );
    stops.push(await listen(await networkOf(machine, name), [{ port, protocol: "udp" }]));
  }
  const pid = Number(await docker("inspect", "-f", "{{.State.Pid}}", machine.name));
  stops.push(
    await listen(
      { pid },
      [ports.open, ports.closed].map((port) => ({ port, protocol: "udp" })),
    ),
  );
}, 15 * minutes);

afterAll(async () => {
  for (const stop of stops) await stop();
  await host.remove();
});

/** Every rule of the machine that is not ours, without what its counters say. */
async function othersRules(): Promise<string> {
  const { stdout } = await host.machine.shell(
    "iptables-save; nft -s list ruleset | awk '/^table inet garrison-/ { skip = 1 } !skip; /^}/ { skip = 0 }'",
  );
  return stdout.replaceAll(/^# .* on .*$|\[\d+:\d+\]|^\[\d+:\d+\] /gm, "");
}

test(
  "no packet that is allowed is lost and none that is closed gets through while a change is made, kept, taken back and undone by the timer; nothing of Docker's is touched",
  async () => {
    const { machine } = host;
    const { address } = machine;
    await machine.shell(
      "nft add table inet theirs; nft add chain inet theirs c '{ type filter hook input priority 0; }'; nft add rule inet theirs c tcp dport 9 drop; iptables -I DOCKER-USER -s 192.0.2.1 -j DROP",
    );
    const before = await othersRules();
    expect(before).toMatch(/-A DOCKER-USER -s 192.0.2.1[\s\S]*dport 9 drop/);
    expect(before).toMatch(/-A DOCKER .*--dport 7003/);
    const steady = await openConnection(address, ports.steady);
    const target = (port: number) => ({ address, port });
    const stream = streamTo({
      open: target(ports.open),
      closed: target(ports.closed),
      published: target(ports.published),
      hidden: target(ports.hidden),
    });

    await host.settle(planBundle(spec([ports.open, 443])));
    expect(await othersRules()).toBe(before);
    expect((await machine.shell(`sh ${PROGRAM_PATH} rollback`)).exitCode).toBe(0);
    expect(await othersRules()).toBe(before);
    const waiting = await machine.run({ ...shutOut(spec()), confirmSeconds: 5 }, "apply");
    expect(JSON.parse(waiting.stdout), waiting.stderr).toMatchObject({ state: "waiting" });
    expect(await othersRules()).toBe(before);
    await until(() => host.getsIn(), 60);
    expect(await othersRules()).toBe(before);

    const seen = await stream.end();
    expect(seen.open.sent).toBeGreaterThan(100);
    expect(seen.open.answered).toBe(seen.open.sent);
    expect(seen.published.answered).toBe(seen.published.sent);
    expect(seen.closed.answered).toBe(0);
    expect(seen.hidden.answered).toBe(0);
    expect(await steady.holds()).toBe(true);

    // The same packets are answered where the rules let them: whoever listens there does.
    await host.settle(planBundle(spec([ports.open, ports.closed])));
    await machine.shell("nft delete table inet garrison-demo");
    const control = streamTo({ closed: target(ports.closed), hidden: target(ports.hidden) });
    await sleep(500);
    const answered = await control.end();
    expect(answered.closed.sent).toBeGreaterThan(1);
    expect(answered.closed.answered).toBe(answered.closed.sent);
    expect(answered.hidden.answered).toBe(answered.hidden.sent);
    expect(await steady.holds()).toBe(true);
    steady.close();
  },
  2 * minutes,
);

/** The ways of the machine's own accounts to containers, and an address of the second family for one of them. */
async function waysOfAccounts(): Promise<Readonly<Record<string, string>>> {
  const { machine } = host;
  const pid = Number(await docker("inspect", "-f", "{{.State.Pid}}", machine.name));
  await meet(
    { namespace: { pid }, device: network.bridge, address: "fd00:77::1" },
    { namespace: await networkOf(machine, "page"), device: "eth0", address: "fd00:77::2" },
  );
  return {
    container: network.addresses.page ?? "",
    "container, over IPv6": "fd00:77::2",
    "container, by a flow": network.addresses.hidden ?? "",
    "published port": machine.address,
    "published port, by loopback": "127.0.0.1",
  };
}

test(
  "an account of the machine that is not root reaches what is published and what a flow opens to it, and no container else",
  async () => {
    const { machine } = host;
    await loadRules();
    const ways = await waysOfAccounts();
    const reachedBy = async (uid: number): Promise<string[]> => {
      const tries = Object.entries(ways).map(
        ([way, address]) =>
          `{ exec 3<>/dev/tcp/${address}/${String(ports.steady)} && echo hello >&3 && read -t 2 said <&3 && echo '${way}'; } &`,
      );
      const { stdout } = await machine.shell(
        `timeout 3 setpriv --reuid=${String(uid)} --clear-groups bash`,
        `${tries.join("\n")}\nwait`,
      );
      return stdout.split("\n").sort();
    };
    const all = Object.keys(ways).sort();
    const nobody = 65_534;
    expect(await reachedBy(0)).toEqual(all);
    expect(await reachedBy(nobody)).toEqual(all.filter((way) => !["container", "container, over IPv6"].includes(way)));
    await machine.shell("nft flush chain inet garrison-demo from-host");
    expect(await reachedBy(nobody)).toEqual(all);
    await loadRules();
  },
  minutes,
);

test(
  "a published port that an account of the machine takes while its container is away is answered to nobody",
  async () => {
    const { machine } = host;
    await loadRules();
    const place = { address: machine.address, port: ports.away, protocol: "tcp" as const };
    await startEcho(
      machine,
      "away",
      ports.away,
      `--network ${network.name} --ip ${network.addresses.away ?? ""} -p ${place.address}:${String(place.port)}:${String(place.port)}`,
    );
    const outside = async () => (await attempt("host", [place], 1000))[0];
    const inside = async () => {
      const connects = `timeout 2 bash -c 'exec 3<>/dev/tcp/${place.address}/${String(place.port)}'`;
      return (await machine.shell(connects)).exitCode === 0;
    };
    expect([await outside(), await inside()]).toEqual(["open", true]);
    // Docker's proxy holds the port as long as the container runs.
    const take = `setpriv --reuid=65534 --regid=65534 --clear-groups perl -MIO::Socket::INET -e 'my $door = IO::Socket::INET->new(LocalAddr => "${place.address}:${String(place.port)}", Listen => 9, ReuseAddr => 1) or die "$!\n"; while ($door->accept) {}'`;
    expect((await machine.shell(`timeout 5 ${take}`)).stderr).toContain("Address already in use");

    await machine.shell("docker stop -t 1 away");
    await machine.shell(`systemd-run --quiet --unit=taker ${take}`);
    await until(async () => (await machine.shell(`ss -ltnH sport = :${String(place.port)}`)).stdout !== "", 10);
    expect([await outside(), await inside()]).toEqual(["silent", false]);
    // The machine's own rules close to the LAN what nobody opened; an estate can be on a machine without them.
    await machine.shell("nft delete table inet garrison-host");
    expect([await outside(), await inside()]).toEqual(["silent", false]);
    await machine.shell("nft flush set inet garrison-demo taken");
    expect([await outside(), await inside()]).toEqual(["open", true]);
    await machine.shell("nft -f /etc/garrison/rules.nft");
    await loadRules();
    expect([await outside(), await inside()]).toEqual(["silent", false]);

    const started = await machine.shell("systemctl stop taker; docker start away");
    expect(started.exitCode, started.stderr).toBe(0);
    await until(async () => (await outside()) === "open", 20);
    expect(await inside()).toBe(true);
    await machine.shell("docker rm -f away");
  },
  minutes,
);

test(
  "what a person publishes by hand stays off the LAN, in a network of his own too, and is open to the machine",
  async () => {
    const { machine } = host;
    await machine.shell("docker network create by-hand");
    await startEcho(machine, "by-hand", 7100, "--network by-hand -p 0.0.0.0:7100:7100");
    await startEcho(machine, "default-address", 7101, "-p 7101:7101");
    const inside = (port: number) =>
      machine.shell(`timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${String(port)}; echo hello >&3; head -n 1 <&3'`);
    const outside = () =>
      attempt(
        "host",
        [7100, 7101].map((port) => ({ address: machine.address, port, protocol: "tcp" as const })),
        1000,
      );
    for (const port of [7100, 7101]) expect((await inside(port)).stdout, String(port)).toBe("hello");
    expect(await outside()).not.toContain("open");
    await machine.shell("nft delete table inet garrison-host");
    // Docker binds what names no address to the machine by itself; the other takes our rule.
    expect((await outside())[0]).toBe("open");
    await machine.shell("nft -f /etc/garrison/rules.nft");
    expect(await outside()).not.toContain("open");
    await machine.shell("docker rm -f by-hand default-address; docker network rm by-hand");
  },
  2 * minutes,
);

test(
  "Docker's settings change under a container that stays up, and what its daemon would refuse changes nothing",
  async () => {
    const { machine } = host;
    const state = async () =>
      (
        await machine.shell(
          "systemctl show -P MainPID docker; docker inspect -f '{{.Id}} {{.State.Pid}} {{.State.StartedAt}}' page hidden; docker info -f '{{.LiveRestoreEnabled}} {{json .RegistryConfig.InsecureRegistryCIDRs}} {{range $name, $_ := .RegistryConfig.IndexConfigs}}{{$name}} {{end}}'",
        )
      ).stdout.split("\n");
    await host.settle(planBundle(spec()));
    const [daemon, page, hidden, info] = await state();
    expect(info).toMatch(/^true .* docker.io $/);
    // A daemon that starts writes its own chains again, in an order of its own.
    const rules = async () => (await othersRules()).split("\n").sort();
    const before = await rules();
    const steady = await openConnection(machine.address, ports.steady);

    const registry = '"icc": false, "insecure-registries": ["192.0.2.9:5000"]';
    const changed = replaceIn(planBundle(spec()), "/etc/docker/", '"icc": false', registry);
    await host.settle(changed);
    const after = await state();
    expect(after[0]).not.toBe(daemon);
    expect(after.slice(1, 3)).toEqual([page, hidden]);
    expect(after[3]).toMatch(/^true .*192.0.2.9:5000/);
    expect(await rules()).toEqual(before);
    expect(await steady.holds()).toBe(true);
    // A new one finds its way too.
    const next = await openConnection(machine.address, ports.steady);
    expect(await next.holds()).toBe(true);
    next.close();

    const bad = replaceIn(changed, "/etc/docker/", '"icc": false', '"icc": "no"');
    const refused = await machine.run(bad, "apply");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("/etc/docker/daemon.json is refused by dockerd");
    const remap = replaceIn(changed, "/etc/docker/", '"icc": false', '"icc": false, "userns-remap": "default"');
    const remapped = await machine.run(remap, "apply");
    expect(remapped.exitCode).toBe(1);
    expect(remapped.stderr).toContain("docker stop every container");
    expect(await state()).toEqual(after);
    expect(await steady.holds()).toBe(true);
    steady.close();
  },
  2 * minutes,
);
