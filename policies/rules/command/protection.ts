import { run } from "#lib/command-examples.ts";
import { openedInCloudBy } from "#lib/host/cloud-commands.ts";
import { openedBy } from "#lib/host/firewall-commands.ts";
import { weakSettingsIn, weakSettingsOf } from "#lib/host/kernel-settings.ts";
import { disarmedBy, disarmedIn } from "#lib/host/protections.ts";
import type { Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { findingsInScripts } from "#lib/scripts/reading.ts";

export const rule: Rule = {
  id: "command.protection",
  title: "No command takes down a firewall, a protection of the kernel or the traces of what was done.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI08", "OWASP ASI10"],
  why: "What is open, or no longer confined, is so for every container and every caller until somebody notices.",
  fix: "Leave the protection up and open the one port or allow the one thing that is missing.",
  waivable: "by-configuration",
  types: [...HOLDING],
  check: (resource) =>
    findingsInScripts(resource, ({ script: { calls, files }, where }) => {
      // In a container it is about the container's own network and files.
      if (where === "container") return [];
      return [
        ...openedBy(calls).map((found) => ({ found, expected: "a firewall that stays closed" })),
        ...calls.flatMap(openedInCloudBy).map((found) => ({ found, expected: "the networks and people that need it" })),
        ...calls.flatMap(disarmedBy).map((found) => ({ found, expected: "a protection that stays up" })),
        ...files.flatMap(disarmedIn).map((found) => ({ found, expected: "a protection that stays up" })),
        ...[...calls.flatMap(weakSettingsOf), ...files.flatMap(weakSettingsIn)].map((found) => ({
          found,
          expected: "the kernel's own value, or a stricter one",
        })),
      ];
    }),
  examples: {
    good: [
      run("One port", "ufw allow 443/tcp"),
      run("Emptied and filled again", "iptables -F INPUT; iptables -P INPUT DROP; iptables -A INPUT -i lo -j ACCEPT"),
      run("A whole set of rules at once", "nft -f /etc/nftables.conf"),
      run("An old log", "rm -f /var/log/nginx/access.log.1"),
      run("A limit of the kernel", "sysctl -w vm.max_map_count=262144"),
    ],
    bad: [
      run("Docker's chain emptied", "iptables -P FORWARD ACCEPT; iptables -F DOCKER-USER"),
      run("Every rule away", "nft flush ruleset"),
      run("The firewall off", "ufw --force disable"),
      run("The service stopped", "systemctl disable --now apparmor"),
      run("Who logged in", "shred -u /var/log/auth.log"),
      run(
        "A cloud's firewall",
        "az network nsg rule create -g g --nsg-name n -n r --source-address-prefixes '*' --destination-port-ranges 22",
      ),
      run("Kernel settings", "sysctl -w net.ipv4.conf.all.route_localnet=1 kernel.unprivileged_bpf_disabled=0"),
      run("The same in a file", "echo 'kernel.yama.ptrace_scope = 0' > /etc/sysctl.d/99-example.conf"),
    ],
  },
};
