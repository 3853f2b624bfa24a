import { afterAll, beforeAll, expect, test } from "vitest";
import { PROGRAM_PATH } from "../../components/host/bundle/host-script.ts";
import { planBundle } from "../../components/host/bundle/plan-bundle.ts";
import { bootHost } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { testPrefix } from "../support/docker.ts";

// What packets see of an apply, a roll-back and an undo by the timer.
const minutes = 60_000;
let host: BootedHost;

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-packets`);
  await host.settle(planBundle(host.spec()));
}, 15 * minutes);

afterAll(() => host.remove());

test(
  "no table and no chain of others is touched: not by an apply and not by an undo",
  async () => {
    await host.machine.shell(
      "nft add table inet theirs; nft add chain inet theirs c '{ type filter hook input priority 0; }'; nft add rule inet theirs c tcp dport 9 drop; iptables -N DOCKER-USER; iptables -A DOCKER-USER -s 192.0.2.1 -j DROP; iptables -A FORWARD -j DOCKER-USER",
    );
    const others = async () => (await host.machine.shell("nft list table inet theirs; iptables -S")).stdout;
    const before = await others();
    expect(before).toMatch(/dport 9 drop[\s\S]*-A DOCKER-USER -s 192.0.2.1/);
    await host.settle(planBundle(host.spec({ firewall: { open: [] } })));
    expect(await others()).toBe(before);
    await host.machine.shell(`sh ${PROGRAM_PATH} rollback`);
    expect(await others()).toBe(before);
    expect((await host.machine.shell("nft list table inet garrison-host")).stdout).toContain("dport 443 accept");
    await host.settle(
      planBundle(
        host.spec({ firewall: { open: [{ port: 80, protocol: "tcp", from: ["0.0.0.0/0"], why: "certificates" }] } }),
      ),
    );
    expect(await others()).toBe(before);
  },
  2 * minutes,
);
