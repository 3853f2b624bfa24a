import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { bundleId, renderManifest } from "#components/host/bundle/bundle.ts";
import { HOST_PROGRAM, hostScript, PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { shellQuote } from "#components/lib/shell.ts";
import { bootHost, shutOut, withMore } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { until } from "../support/debian-machine.ts";
import { docker, testPrefix } from "../support/docker.ts";
import { giveImage, openConnection, startEcho } from "../support/machine-containers.ts";
import type { Connection } from "../support/machine-containers.ts";
import { killedAt, STEP } from "../support/killed-program.ts";
import { atLeast, isSwept } from "../support/sweep.ts";

// What goes wrong under way: what was up stays up, and the next run, the next start or the timer completes or undoes.
const minutes = 60_000;
let host: BootedHost;
/** To a container that runs since before any of it. */
let open: Connection;

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-faults`, { docker: true });
  await host.settle(planBundle(host.spec()));
  await giveImage(host.machine);
  // On a bridge of an estate: what a person publishes by himself is not to be reached from outside.
  await host.machine.shell("docker network create -o com.docker.network.bridge.name=demo-page page");
  await startEcho(host.machine, "page", 7000, "--network page -p 7000:7000");
}, 15 * minutes);

afterAll(() => host.remove());

beforeEach(async () => {
  await host.settle(planBundle(host.spec()));
  open = await openConnection(host.machine.address, 7000);
});

afterEach(() => {
  open.close();
});

/** The program, doing something else first when it comes to a step. */
function programThat(does: string, at: string): string {
  expect(HOST_PROGRAM).toContain(STEP);
  return HOST_PROGRAM.replace(STEP, () => `step() { case $* in "${at}") ${does} ;; esac; say "$*"; }`);
}

const journal = "/var/lib/garrison/host";
const isThere = async (path: string): Promise<boolean> => (await host.machine.shell(`[ -e ${path} ]`)).exitCode === 0;

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
    const pid = (await host.machine.shell("systemctl show -P MainPID docker")).stdout;
    const refused = await host.machine.run(
      planBundle(withMore(host.spec(), { files: [file], units: [unit] })),
      "apply",
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("unit broken.service does not stay up");
    const { stdout } = await host.machine.shell(
      "ls /etc/garrison-demo /etc/systemd/system/broken.service 2>/dev/null; systemctl is-active nginx fail2ban ssh; systemctl show -P MainPID docker",
    );
    expect(stdout).toBe(`active\nactive\nactive\n${pid}`);
    expect(await open.holds()).toBe(true);
  },
  2 * minutes,
);

test(
  "killed at a step, what was up stays up, the way in is open, and the next apply completes",
  async () => {
    const first = planBundle(host.spec());
    const demo = {
      name: "demo.service",
      unit: { Description: "Stays" },
      service: { Type: "exec", ExecStart: "/bin/sleep infinity" },
      install: { WantedBy: "multi-user.target" },
    };
    const second = planBundle(
      withMore(host.spec({ firewall: { open: [], estates: ["demo"] }, nginx: { sites: {} } }), {
        units: [demo],
        files: [{ path: "/etc/demo", content: "x" }],
      }),
    );
    await host.machine.shell("cat >/tmp/second", renderManifest(second));
    let kills = 0;
    for (let number = 1; ; number += 1) {
      if (!isSwept(number)) continue;
      await host.machine.shell("cat >/tmp/program", killedAt(HOST_PROGRAM, number));
      const killed = await host.machine.shell("sh /tmp/program apply </tmp/second");
      if (killed.exitCode === 0) break;
      kills += 1;
      expect(killed.exitCode).toBe(137);
      const up = await host.machine.shell("systemctl is-active ssh nginx fail2ban docker garrison-rules");
      expect(up.stdout, `step ${String(number)}: ${killed.stderr}`).toBe(Array<string>(5).fill("active").join("\n"));
      expect(await host.getsIn()).toBe(true);
      expect(await open.holds()).toBe(true);
      const next = await host.machine.run(second, "apply");
      expect(JSON.parse(next.stdout), next.stderr).toMatchObject({ state: "waiting" });
      expect((await host.machine.shell("systemctl is-active demo; cat /etc/demo")).stdout).toBe("active\nx");
      await host.settle(first);
      expect((await host.machine.shell("ls /etc/demo 2>/dev/null; systemctl is-active demo")).stdout).toBe("inactive");
    }
    expect(kills).toBeGreaterThanOrEqual(atLeast(13));
  },
  10 * minutes,
);

test(
  "the power fails while a change is being made: the next start undoes it before there is a way in, and the next apply completes",
  async () => {
    const { machine } = host;
    const page = "/etc/nginx/conf.d/50-main.conf";
    const example = host.spec({ nginx: { sites: {} } });
    const users = [
      ...example.users.map((user) => (user.name === "ops" ? { ...user, shell: "/bin/sh" } : user)),
      { name: "late", uid: 1777 },
    ];
    const second = shutOut(withMore({ ...example, users }, { files: [{ path: "/etc/demo", content: "x" }] }));
    await machine.shell("cat >/var/tmp/second", renderManifest(second));
    await machine.shell("cat >/var/tmp/program", programThat("touch /tmp/there; sleep 60", "reload:nginx.service"));
    const cut = machine.shell("sh /var/tmp/program apply </var/tmp/second");
    await until(() => isThere("/tmp/there"));
    // It is in the middle: all of it lies there, and a part of it is in effect.
    expect((await machine.shell(`ls -d /etc/demo ${page} ${journal}/live`)).stdout).toBe(`/etc/demo\n${journal}/live`);
    expect(await host.getsIn()).toBe(false);
    expect(await open.holds()).toBe(true);
    await docker("kill", machine.name);
    await cut;
    await docker("start", machine.name);
    await until(() => host.getsIn(), 60);
    const order = await machine.shell(
      "systemctl show -P ExecMainExitTimestampMonotonic garrison-host-recover; systemctl show -P ExecMainStartTimestampMonotonic ssh docker",
    );
    const [recovered = 0, ...ways] = order.stdout
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
    expect(recovered).toBeGreaterThan(0);
    for (const way of ways) expect(way).toBeGreaterThan(recovered);
    expect((await machine.shell(`ls -d /etc/demo ${page} ${journal}/live`)).stdout).toBe(page);
    const people = "getent passwd ops | cut -d : -f 7; getent passwd late; ls -d /home/late";
    expect((await machine.shell(people)).stdout).toBe("/bin/bash\n/home/late");
    // Its container came back by itself.
    await until(async () => (await openConnection(machine.address, 7000)).holds().catch(() => false), 60);
    const done = await machine.run({ ...second, confirmSeconds: 5 }, "apply");
    expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ state: "waiting" });
    await until(() => host.getsIn(), 60);
  },
  3 * minutes,
);

test.each(["client", "server"])(
  "the connection is lost at its %s's end in the middle: the machine goes on, and the next up confirms",
  async (end) => {
    const { machine } = host;
    const second = planBundle(host.spec({ firewall: { open: [], estates: ["demo"] }, confirmSeconds: 900 }));
    const wait = "touch /tmp/there; while [ ! -e /tmp/on ]; do sleep 0.1; done";
    const script = hostScript(second).replace(shellQuote(HOST_PROGRAM), () => shellQuote(programThat(wait, "go live")));
    const apply = host.begin(host.key.file, "sudo -n sh -s apply", script);
    await until(() => isThere("/tmp/there"));
    if (end === "client") apply.kill("SIGKILL");
    else await machine.shell("pkill -KILL -f '^sshd: deploy'");
    const ended = await apply.ended;
    expect(ended.exitCode).not.toBe(0);
    expect(ended.stdout).toBe("");
    expect(await isThere(`${journal}/staging`)).toBe(true);
    await machine.shell("touch /tmp/on");
    await until(() => isThere(`${journal}/waiting`));
    const again = await machine.run(second, "apply");
    expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ state: "waiting" });
    expect((await host.ssh(host.key.file, `sudo -n sh ${PROGRAM_PATH} confirm ${bundleId(second)}`)).exitCode).toBe(0);
    expect((await machine.shell("nft list table inet garrison-host")).stdout).not.toContain("dport 443");
    expect(await open.holds()).toBe(true);
    await machine.shell("rm /tmp/there /tmp/on");
  },
  2 * minutes,
);
