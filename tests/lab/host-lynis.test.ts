import { afterAll, beforeAll, expect, test } from "vitest";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { bootHost } from "../support/booted-host.ts";
import type { BootedHost } from "../support/booted-host.ts";
import { testPrefix } from "../support/docker.ts";

// What Debian's Lynis says of a machine that Garrison configures.
const minutes = 60_000;
let host: BootedHost;

beforeAll(async () => {
  host = await bootHost(`${testPrefix()}-lynis`);
  // As on an installed Debian; the test's own machine is made from one mirror, and asks nobody here.
  await host.machine.shell(
    "echo 'deb http://security.invalid/debian-security bookworm-security main' >/etc/apt/sources.list.d/security.list",
  );
  await host.settle(planBundle(host.spec()));
}, 15 * minutes);

afterAll(() => host.remove());

test(
  "it warns of nothing, and its index is 78 at least",
  async () => {
    const { stdout } = await host.machine.shell(
      "lynis audit system --quick --no-colors --report-file /tmp/report --logfile /tmp/log >/dev/null 2>&1; cat /tmp/report",
    );
    expect(stdout.match(/^warning.*$/gm) ?? []).toEqual([]);
    expect(Number(/^hardening_index=(\d+)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(78);
  },
  5 * minutes,
);
