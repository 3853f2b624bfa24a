import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { filesScript } from "#components/files/files-script.ts";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import { prepareScript } from "#components/container/host-scripts.ts";
import { HOST_PROGRAM, PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import { startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { testPrefix } from "../support/docker.ts";
import { killedAt } from "../support/killed-program.ts";
import { atLeast, isSwept } from "../support/sweep.ts";

// What an estate has of a host that Garrison does not configure, written by a program that is killed at each of its steps.
const minutes = 60_000;
const estate = "trial";
const root = `/run/garrison/${estate}`;

function files(text: string) {
  const directories = [
    { source: `${root}/page/etc-page`, target: "/etc/page", files: { one: text.repeat(500), [text]: "is there" } },
  ];
  return filesScript(estate, [{ service: "page", user: { uid: 20_001, gid: 20_001 }, secrets: [], directories }]);
}

function rules(address: string) {
  const network = { name: "front", why: "a test", internal: false, subnet: "10.77.0.0/24", gateway: "10.77.0.1" };
  const networks = [{ ...network, bridge: "trial-front", addresses: { page: address } }];
  const flows = [{ from: "page", to: "host", ports: [{ protocol: "tcp" as const, number: 53 }], why: "a test" }];
  return firewallScript({ estate, networks, flows, resolvers: [], publishAddress: "127.0.0.1" });
}

const cgroups = (pids: number, ...numbers: readonly number[]) =>
  prepareScript(
    estate,
    "cgroupfs",
    [],
    numbers.map((number) => ({ cgroup: `/garrison-${estate}/n0${String(number)}`, pids })),
  );

const pidsMax = "$(cat /sys/fs/cgroup/pids/garrison-trial/*/pids.max | tr '\\n' ' ')";
/** What is to be seen of a part, on one line. */
const PARTS = {
  files: {
    before: files("old"),
    after: files("new"),
    look: `cd ${root}/page/etc-page && echo "$(cut -c 1-3 one) $(wc -c <one) $(ls -A | tr '\\n' ' ')"`,
    steps: 2,
    was: "old 1500 old one",
    is: "new 1500 new one",
    // Each file is whole, and which there are is the one or the other, or both.
    between: /^(old|new) 1500 (new )?(old )?one$/,
  },
  rules: {
    before: rules("10.77.0.2"),
    after: rules("10.77.0.3"),
    look: `nft list table inet garrison-${estate} | grep -o '10.77.0.[23]'`,
    steps: 6,
    was: "10.77.0.2",
    is: "10.77.0.3",
    between: /^10\.77\.0\.[23]$/,
  },
  cgroups: {
    before: cgroups(64, 1),
    after: cgroups(32, 1, 2),
    look: `echo "${pidsMax}"`,
    steps: 2,
    was: "64",
    is: "32 32",
    between: /^(64|32|(64|32) (max|32))$/,
  },
} as const;

type Part = keyof typeof PARTS;

/** Everything of an estate that a machine can have, but in its memory and its kernel. */
const TRACES = `ls -d /var/lib/garrison/* /etc/garrison /usr/local/lib/garrison /etc/systemd/system/garrison-* /etc/systemd/system/docker.service.requires/garrison-* ${root} /run/garrison-* 2>/dev/null`;

const HOSTS: readonly { what: string; booted: boolean; docker: boolean; parts: readonly Part[] }[] = [
  { what: "with systemd and Docker", booted: true, docker: true, parts: ["files", "rules", "cgroups"] },
  { what: "without systemd", booted: false, docker: false, parts: ["files", "rules"] },
];

describe.each(HOSTS)("on a host $what", ({ booted, docker, parts }) => {
  let machine: DebianMachine;

  beforeAll(async () => {
    machine = await startMachine(`${testPrefix()}-estate`, { booted, docker });
    // The kernel's switches are the host's, and set.
    if (!booted) await machine.shell("mount -o remount,rw /proc/sys 2>/dev/null");
  }, 15 * minutes);

  afterAll(() => machine.remove());

  beforeEach(async () => {
    await machine.shell(
      `rm -rf /var/lib/garrison; umount ${root}; rm -rf /run/garrison*; nft delete table inet garrison-${estate}`,
    );
  });

  const run = async (script: string, mode: "apply" | "remove" = "apply") => machine.shell(`sh -s ${mode}`, script);
  const done = async (script: string, mode: "apply" | "remove" = "apply") => {
    const ended = await run(script, mode);
    expect(ended.exitCode, ended.stderr).toBe(0);
  };
  const seen = async (part: Part) => (await machine.shell(PARTS[part].look)).stdout.trim();

  test.each(parts)(
    "%s that change are the old ones or the new ones, wherever the writer is killed; a start and the next run complete them",
    async (part) => {
      const { before, after, was, is, between } = PARTS[part];
      let kills = 0;
      for (let number = 1; ; number += 1) {
        if (!isSwept(number)) continue;
        await done(before);
        expect(await seen(part)).toBe(was);
        const killed = await run(killedAt(after, number));
        if (killed.exitCode === 0) break;
        kills += 1;
        expect(killed.exitCode).toBe(137);
        expect(await seen(part), `killed at step ${String(number)}`).toMatch(between);
        if (booted) {
          // The one that was sent came to its end at a step.
          await machine.shell(`cat >${PROGRAM_PATH}`, HOST_PROGRAM);
          const started = await machine.shell(`sh ${PROGRAM_PATH} start ${estate}/${part}`);
          expect(started.exitCode, started.stderr).toBe(0);
          // What it held before it was killed, or all of what it was to hold.
          expect([was, is], `started after step ${String(number)}`).toContain((await seen(part)).replace(/ max$/, ""));
        }
        await done(after);
        expect(await seen(part)).toBe(is);
      }
      expect(kills).toBeGreaterThanOrEqual(atLeast(PARTS[part].steps));
      await done(after, "remove");
    },
    5 * minutes,
  );

  test.each(parts)(
    "%s that go leave nothing, wherever their removal is killed",
    async (part) => {
      const { before } = PARTS[part];
      for (let number = 1; ; number += 1) {
        if (!isSwept(number)) continue;
        await done(before);
        const killed = await run(killedAt(before, number), "remove");
        if (killed.exitCode !== 0) await done(before, "remove");
        expect((await machine.shell(TRACES)).stdout, `killed at step ${String(number)}`).toBe("");
        if (killed.exitCode === 0) break;
      }
    },
    5 * minutes,
  );
});
