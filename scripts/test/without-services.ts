import { readFile, rm, writeFile } from "node:fs/promises";
import { execa } from "execa";

/** What Debian's packages ask before they start a service; 101 forbids it. */
const policyFile = "/usr/sbin/policy-rc.d";
const policy = "#!/bin/sh\n# Written by npm test of Garrison while it installs packages.\nexit 101\n";
/** What our packages would start, now and at the next boot. */
const services = ["ssh.service"];

/**
 * Installs packages without starting what they bring: tests start the servers that they need on loopback ports, and an
 * sshd of the machine itself is nobody's request. A policy of the operator's own stays as it is.
 */
export async function withoutServices(install: () => Promise<void>): Promise<void> {
  const enabled = await enabledServices();
  const before = await readFile(policyFile, "utf8").catch(() => undefined);
  // Ours is one that a killed run left.
  const own = before === undefined || before === policy;
  if (own) await writeFile(policyFile, policy, { mode: 0o755 });
  try {
    await install();
  } finally {
    if (own) await rm(policyFile, { force: true });
  }
  const fresh = (await enabledServices()).filter((name) => !enabled.includes(name));
  if (fresh.length > 0) await execa("systemctl", ["disable", ...fresh], { reject: false, stdin: "ignore" });
}

/** Those that would start with the machine; none where there is no systemd. */
async function enabledServices(): Promise<readonly string[]> {
  const asked = await Promise.all(
    services.map((name) => execa("systemctl", ["is-enabled", name], { reject: false, stdin: "ignore" })),
  );
  return services.filter((_, index) => asked[index]?.exitCode === 0);
}
