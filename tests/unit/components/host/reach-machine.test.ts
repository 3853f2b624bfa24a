import { expect, test } from "vitest";
import { lostMachine } from "../../../../components/host/reach-machine.ts";
import { hostUrn } from "../../../../components/machine/machine.ts";

const docker = { host: "ssh://garrison@192.0.2.20", hostKey: "ssh-ed25519 AAAA", cgroupDriver: "systemd" } as const;
const urn = hostUrn("office", { stack: "test", project: "garrison" });
const lost = (said: string) => lostMachine({ docker, said, urn });

test("a machine that does not answer may be off or gone, and both ways on are told", () => {
  const problem = lost("ssh: connect to host 192.0.2.20 port 22: Connection timed out");
  expect(problem.found).toContain("ssh://garrison@192.0.2.20, where ssh says: ssh: connect to host");
  expect(problem.expected).toContain("start it and deploy again");
  expect(problem.fix).toContain(`state delete --yes --target-dependents '${urn}'`);
});

test("another key is another machine, or somebody in between: it is read at the console", () => {
  const problem = lost("Host key verification failed.");
  expect(problem.expected).toContain("cat /etc/ssh/ssh_host_ed25519_key.pub");
  expect(problem.fix).toContain(urn);
});

test("a machine that takes no key is still the machine of the state, and nothing of it is forgotten", () => {
  const problem = lost("garrison@192.0.2.20: Permission denied (publickey).");
  expect(problem.expected).toContain("docs/how-to/get-back-into-a-machine.md");
  expect(problem).not.toHaveProperty("fix");
});
