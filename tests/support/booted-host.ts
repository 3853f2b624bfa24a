import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import type { Bundle } from "#components/host/bundle/bundle.ts";
import { PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { aHost } from "../unit/components/host/bundle/a-host.ts";
import { keyPair, startMachine } from "./debian-machine.ts";
import type { DebianMachine, Done } from "./debian-machine.ts";
import { docker } from "./docker.ts";

interface Key {
  readonly file: string;
  readonly publicKey: string;
}

interface Running {
  readonly ended: Promise<Done>;
  kill(signal: NodeJS.Signals): void;
}

/** A Debian 12 with systemd as process 1, its own sshd, nftables, nginx and fail2ban, configured over real ssh. */
export interface BootedHost {
  readonly machine: DebianMachine;
  /** The host's own address as the machine sees it: where tests connect from. */
  readonly gateway: string;
  /** Of the deployer; `other` is nobody's. */
  readonly key: Key;
  readonly other: Key;
  /** A directory that goes with it. */
  readonly directory: string;
  /** The example with real keys, without what a container has no kernel for. */
  spec(changes?: Partial<HostSpec>): HostSpec;
  /** Runs shell as the deployer, over a connection of its own unless options say otherwise. */
  ssh(identity: string, script: string, ...options: readonly string[]): Promise<Done>;
  /** Begins the same with something on standard input. */
  begin(identity: string, script: string, input: string): Running;
  getsIn(identity?: string): Promise<boolean>;
  /** Applies and confirms. */
  settle(bundle: Bundle): Promise<void>;
  /** Restarts the machine as a power button would. */
  reboot(): Promise<void>;
  remove(): Promise<void>;
}

const OPTIONS = [
  "BatchMode=yes",
  "ConnectTimeout=3",
  "StrictHostKeyChecking=no",
  "UserKnownHostsFile=/dev/null",
  "LogLevel=ERROR",
  "IdentitiesOnly=yes",
].flatMap((option) => ["-o", option]);

/** @param real whether its Docker is */
export async function bootHost(name: string, { docker: real = false } = {}): Promise<BootedHost> {
  const directory = await mkdtemp(join(tmpdir(), "garrison-host-"));
  const key = await keyPair(directory, "right");
  const other = await keyPair(directory, "wrong");
  const machine = await startMachine(name, { booted: true, docker: real });
  const gateway = await docker("inspect", "-f", "{{.NetworkSettings.Gateway}}", name);
  const begin = (identity: string, script: string, input: string, more: readonly string[] = []): Running => {
    const args = [...OPTIONS, ...more, "-i", identity, `deploy@${machine.address}`, script];
    const running = execa("ssh", args, { reject: false, input });
    const ended = running.then(({ exitCode, stdout, stderr }) => ({ exitCode: exitCode ?? -1, stdout, stderr }));
    return { ended, kill: (signal) => running.kill(signal) };
  };
  const ssh: BootedHost["ssh"] = (identity, script, ...more) => begin(identity, script, "", more).ended;
  return {
    machine,
    gateway,
    key,
    other,
    directory,
    spec: (changes = {}) => {
      const host = aHost();
      const users = host.users.map((user) => ({ ...user, keys: [key.publicKey] }));
      // Tests fail to log in often: like a deployer's, their address is never banned.
      const access = { ...host.access, operatorsFrom: ["0.0.0.0/0", "198.51.100.0/24"], deployerFrom: [gateway] };
      const firewall = { ...host.firewall, estates: ["demo"] };
      return { ...host, users, access, firewall, audit: false, confirmSeconds: 30, ...changes };
    },
    ssh,
    begin,
    getsIn: async (identity = key.file) => (await ssh(identity, "true")).exitCode === 0,
    settle: async (bundle) => {
      const { exitCode, stderr } = await machine.run(bundle, "apply");
      expect(exitCode, stderr).toBe(0);
      expect((await machine.shell(`sh ${PROGRAM_PATH} confirm`)).exitCode).toBe(0);
    },
    reboot: async () => {
      await docker("restart", "-t", "20", name);
    },
    remove: async () => {
      await machine.remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Adds to the example of a host what a test looks at. */
export function withMore(host: HostSpec, { units = [], files = [] }: Pick<HostSpec, "units" | "files">): HostSpec {
  return { ...host, units: [...(host.units ?? []), ...units], files: [...(host.files ?? []), ...files] };
}

/** The bundle with other words in a file. Goes past `hostProblems`, as a mistake that no rule thought of would. */
export function replaceIn(bundle: Bundle, path: string, from: string, to: string): Bundle {
  const entries = bundle.entries.map((own) =>
    own.path.startsWith(path) ? { ...own, content: own.content.replaceAll(from, to) } : own,
  );
  expect(entries).not.toEqual(bundle.entries);
  return { ...bundle, entries };
}

/** An apply whose firewall lets nobody in. */
export function shutOut(host: HostSpec): Bundle {
  return replaceIn(planBundle(host), "/etc/garrison/rules.d/", "tcp dport 22 accept", "tcp dport 2222 accept");
}
