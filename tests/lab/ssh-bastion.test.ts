import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootShell } from "#components/host/host-command.ts";
import { startSshd } from "../support/sshd.ts";
import type { TestSshd } from "../support/sshd.ts";

// Two real servers: one is the bastion of the other, or of nothing. Their keys are their own.
let directory: string;
let open: TestSshd;
let shut: TestSshd;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-bastion-"));
  open = await startSshd(["AllowTcpForwarding local"]);
  shut = await startSshd(["AllowTcpForwarding local", "PermitOpen 127.0.0.1:9"]);
});

afterAll(async () => {
  open.stop();
  shut.stop();
  await rm(directory, { recursive: true, force: true });
});

const bare = (hostKey: string): string => hostKey.trim().split(" ").slice(0, 2).join(" ");

/** What comes of a command on a machine behind its bastion; here both are one server. */
async function through(bastion: TestSshd, bastionKey: string, hostKey: string): Promise<string> {
  const identityFile = join(directory, `login-${String(bastion.port)}`);
  await writeFile(identityFile, bastion.privateKey, { mode: 0o600 });
  const host = `ssh://${bastion.user}@127.0.0.1:${String(bastion.port)}`;
  const docker = { host, hostKey: bare(hostKey), identityFile, cgroupDriver: "systemd" as const };
  const line = rootShell({ ...docker, jump: { host, hostKey: bare(bastionKey) } }, "-s", "fresh");
  const { stdout, stderr } = await execa("sh", ["-c", line], { input: "echo reached", reject: false });
  return stdout === "" ? stderr : stdout;
}

test("a machine is reached through its bastion, and neither stands in for the other", async () => {
  expect(await through(open, open.hostKey, open.hostKey)).toBe("reached");
  expect(await through(open, open.otherHostKey, open.hostKey)).toContain("Host key verification failed");
  expect(await through(open, open.hostKey, open.otherHostKey)).toContain("Host key verification failed");
});

test("a bastion that is another machine's passes nothing on", async () => {
  expect(await through(shut, shut.hostKey, shut.hostKey)).toContain("administratively prohibited");
});
