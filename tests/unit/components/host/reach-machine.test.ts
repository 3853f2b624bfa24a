import { expect, test } from "vitest";
import { lostMachine } from "#components/host/reach-machine.ts";

const docker = { host: "ssh://garrison@192.0.2.20", hostKey: "ssh-ed25519 AAAA", cgroupDriver: "systemd" } as const;
const lost = (said: string, changes: object = {}) => lostMachine({ docker: { ...docker, ...changes }, said });

/** As OpenSSH of Linux, macOS and Alpine words it. */
const UNKNOWN = [
  "ssh: Could not resolve hostname offce-nuc.example: Name or service not known",
  "ssh: Could not resolve hostname offce-nuc.example: nodename nor servname provided, or not known",
  "ssh: Could not resolve hostname offce-nuc.example: Temporary failure in name resolution",
  "ssh: Could not resolve hostname offce-nuc.example: No address associated with hostname",
];
const SILENT = [
  "ssh: connect to host 192.0.2.20 port 22: Connection timed out",
  "ssh: connect to host 192.0.2.20 port 22: Connection refused",
  "ssh: connect to host 192.0.2.20 port 22: No route to host",
  "ssh: connect to host 192.0.2.20 port 22: Network is unreachable",
  "kex_exchange_identification: read: Connection reset by peer",
  "Connection closed by 192.0.2.20 port 22",
];

test.each(UNKNOWN)("an unknown name is looked at first: %s", (said) => {
  const problem = lost(said);
  expect(problem.found).toContain(`ssh://garrison@192.0.2.20, where ssh says: ${said}`);
  expect(problem.expected).toContain("is it written right");
  expect(problem.fix).toBe("pulumi config set --path garrison:docker.host 'ssh://garrison@<machine>'");
});

test.each(SILENT)("no answer is a name, a port, a switch or a way: %s", (said) => {
  const problem = lost(said);
  expect(problem.expected).toContain("are its name and port written right, is it on");
  expect(problem.fix).toBe("ssh garrison@192.0.2.20 true");
});

test("the connection to try is the one of the settings, quoted for a shell", () => {
  const changes = { host: "ssh://garrison@192.0.2.20:2222", identityFile: "/keys/my key" };
  expect(lost(SILENT[0] ?? "", changes).fix).toBe("ssh -i '/keys/my key' -p 2222 garrison@192.0.2.20 true");
});

test("another key is another machine, or somebody in between: it is read at the console", () => {
  const problem = lost("Host key verification failed.");
  expect(problem.expected).toContain("cat /etc/ssh/ssh_host_ed25519_key.pub");
  expect(problem.fix).toContain("garrison:docker.hostKey");
});

test("a machine that takes no key is still the machine of the state", () => {
  const problem = lost("garrison@192.0.2.20: Permission denied (publickey).");
  expect(problem.expected).toContain("docs/how-to/get-back-into-a-machine.md");
  expect(problem).not.toHaveProperty("fix");
});

test("where to read about a machine that is gone for good is told by whoever deploys it, if it is written anywhere", () => {
  for (const said of [SILENT[0] ?? "", "Host key verification failed."]) {
    expect(lostMachine({ docker, said, goneFor: "a page" }).expected).toMatch(/gone for good: a page$/);
    expect(lost(said).expected).not.toContain("gone for good");
  }
});

test("nothing that forgets a machine is told to type, whatever ssh says", () => {
  const all = [...UNKNOWN, ...SILENT, "Host key verification failed.", "x: Permission denied (publickey)."];
  for (const said of all) expect(`${lost(said).expected} ${lost(said).fix ?? ""}`).not.toMatch(/state (delete|rm)/);
});
