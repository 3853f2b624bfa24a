import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { renderManifest } from "../../components/host/bundle/bundle.ts";
import { HOST_PROGRAM } from "../../components/host/bundle/host-script.ts";
import { planBundle } from "../../components/host/bundle/plan-bundle.ts";
import { bootHost, withMore } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { testPrefix } from "../support/docker.ts";

// What goes wrong under way: what was up stays up, and the next run, the next start or the timer completes or undoes.
const minutes = 60_000;
let host: BootedHost;

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-faults`);
}, 15 * minutes);

afterAll(() => host.remove());

beforeEach(() => host.settle(planBundle(host.spec())));

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
      withMore(host.spec({ firewall: { open: [] }, nginx: { sites: {} } }), {
        units: [demo],
        files: [{ path: "/etc/demo", content: "x" }],
      }),
    );
    await host.machine.shell("cat >/tmp/second", renderManifest(second));
    const step = 'step() { say "$*"; }';
    expect(HOST_PROGRAM).toContain(step);
    let kills = 0;
    for (let number = 1; ; number += 1) {
      await host.machine.shell(
        "cat >/tmp/program",
        HOST_PROGRAM.replace(
          step,
          () => `n=0\nstep() { n=$((n + 1)); [ "$n" != ${String(number)} ] || kill -9 $$; say "$*"; }`,
        ),
      );
      const killed = await host.machine.shell("sh /tmp/program apply </tmp/second");
      if (killed.exitCode === 0) break;
      kills += 1;
      expect(killed.exitCode).toBe(137);
      const up = await host.machine.shell("systemctl is-active ssh nginx fail2ban docker garrison-rules");
      expect(up.stdout, `step ${String(number)}: ${killed.stderr}`).toBe(Array<string>(5).fill("active").join("\n"));
      expect(await host.getsIn()).toBe(true);
      const next = await host.machine.run(second, "apply");
      expect(JSON.parse(next.stdout), next.stderr).toMatchObject({ state: "waiting" });
      expect((await host.machine.shell("systemctl is-active demo; cat /etc/demo")).stdout).toBe("active\nx");
      await host.settle(first);
      expect((await host.machine.shell("ls /etc/demo 2>/dev/null; systemctl is-active demo")).stdout).toBe("inactive");
    }
    expect(kills).toBeGreaterThan(12);
  },
  10 * minutes,
);
