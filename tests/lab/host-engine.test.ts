import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { keyPair, startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { docker, testPrefix } from "../support/docker.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { checkout } from "../support/machine-stack.ts";
import { aHost } from "../unit/components/host/bundle/a-host.ts";

// A machine declared in a program, on the real engine, over real ssh.
const minutes = 60_000;
let machine: DebianMachine;
let engine: TestEngine;
let directory = "";
let key = { file: "", publicKey: "" };
let gateway = "";
let hostKey = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-host-engine-"));
  key = await keyPair(directory, "login");
  machine = await startMachine(`${testPrefix()}-engine`, { booted: true });
  gateway = await docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", machine.name);
  // What its first boot would have done.
  expect((await machine.run(planBundle(spec({ nginx: undefined })), "apply")).exitCode).toBe(0);
  await machine.shell("sh /var/lib/garrison/host/program confirm");
  hostKey = (await execa("ssh-keyscan", ["-t", "ed25519", machine.address])).stdout.split(" ").slice(1, 3).join(" ");
  engine = await makeEngine({ program: "" });
}, 15 * minutes);

afterAll(async () => {
  await engine.dispose();
  await machine.remove();
  await rm(directory, { recursive: true, force: true });
});

function spec(changes: { readonly [name in keyof HostSpec]?: HostSpec[name] | undefined } = {}): HostSpec {
  const host = aHost();
  const users = host.users.map((user) => ({ ...user, keys: [key.publicKey] }));
  const access = { ...host.access, deployerFrom: [gateway] };
  return JSON.parse(
    JSON.stringify({ ...host, users, access, audit: false, confirmSeconds: 30, ...changes }),
  ) as HostSpec;
}

function program(wanted: HostSpec): string {
  const settings = {
    host: `ssh://deploy@${machine.address}`,
    hostKey,
    identityFile: key.file,
    cgroupDriver: "systemd",
  };
  return `
    import { Host } from "${checkout}/components/host/host.ts";
    const docker = ${JSON.stringify(settings)} as const;
    const host = new Host("web", { docker, spec: ${JSON.stringify(wanted)} });
    export const report = host.report;
  `;
}

const up = async (...flags: readonly string[]) => engine.pulumi(["up", "--yes", "--skip-preview", ...flags]);
const connections = async () =>
  Number((await machine.shell("journalctl -u ssh -q --no-pager | grep -c 'Accepted publickey'")).stdout);

test(
  "one up configures the machine, and a second one does not even connect",
  async () => {
    await engine.setProgram(program(spec()));
    const first = await up();
    expect(first.exitCode, first.output).toBe(0);
    expect(
      (
        await machine.shell(
          "ls /var/lib/garrison/host/waiting 2>/dev/null; grep -c example.org /etc/nginx/conf.d/50-main.conf",
        )
      ).stdout,
    ).toBe("1");
    const before = await connections();
    const second = await up("--expect-no-changes");
    expect(second.exitCode, second.output).toBe(0);
    expect(await connections()).toBe(before);
  },
  3 * minutes,
);

test(
  "a refused bundle fails the up with the checker's own words, and the next up tries again",
  async () => {
    const sites = { main: "server { listen 80 }\n" };
    await engine.setProgram(program(spec({ nginx: { sites } })));
    const refused = await up();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain('unexpected "}" in /etc/nginx/conf.d/50-main.conf');
    const again = await up();
    expect(again.exitCode).not.toBe(0);
    await engine.setProgram(program(spec({ nginx: { sites: { main: "server { listen 81; }\n" } } })));
    const mended = await up();
    expect(mended.exitCode, mended.output).toBe(0);
    expect((await machine.shell("cat /etc/nginx/conf.d/50-main.conf")).stdout).toContain("listen 81");
  },
  3 * minutes,
);

test(
  "a specification that would lock the operator out never reaches the machine",
  async () => {
    const before = await connections();
    await engine.setProgram(program(spec({ access: { ...spec().access, operators: [] } })));
    const refused = await up();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain("access.operators: found nobody");
    expect(await connections()).toBe(before);
  },
  2 * minutes,
);

test(
  "a machine that is gone is named, and a destroy needs no machine",
  async () => {
    await docker("stop", "-t", "1", machine.name);
    await engine.setProgram(program(spec({ firewall: { open: [] } })));
    const gone = await up();
    expect(gone.exitCode).not.toBe(0);
    expect(gone.output).toContain(machine.address);
    const destroyed = await engine.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(destroyed.exitCode, destroyed.output).toBe(0);
  },
  3 * minutes,
);
