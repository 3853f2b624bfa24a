import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import { mustGetIn, sshPort } from "../host-spec.ts";
import type { HostSpec } from "../host-spec.ts";

/**
 * Keys only, for the named users only, by algorithms that OpenSSH 9.2 (Debian 12) has and that no audit objects to.
 *
 * Keys lie in a directory of root's: a program that runs as a user cannot give itself a way back in. sshd takes the
 * first value that it reads for a word, and Debian's own file reads these first.
 */
export function sshd(spec: HostSpec): BundleEntry[] {
  const rest = { check: "sshd", guarded: true, actions: ["9:reload:ssh.service"] } as const;
  const keys = spec.users.flatMap(({ name, keys: lines = [] }) =>
    lines.length === 0
      ? []
      : [entry(`/etc/ssh/authorized_keys.d/${name}`, `${[...lines].sort().join("\n")}\n`, { guarded: true })],
  );
  return [entry("/etc/ssh/sshd_config.d/10-garrison.conf", configuration(spec), rest), ...keys];
}

function configuration(spec: HostSpec): string {
  const { passesOnTo = [] } = spec.access;
  const root = mustGetIn(spec).includes("root");
  return `# Made by Garrison; a change by hand does not stay.
Port ${String(sshPort(spec))}
AllowUsers ${mustGetIn(spec).join(" ")}
AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u
# A password can be guessed or given away; a key cannot.
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitEmptyPasswords no
HostbasedAuthentication no
PermitRootLogin ${root ? "prohibit-password" : "no"}
# Accounts, limits and the session's slice; without it a locked password would lock the key out too.
UsePAM yes
MaxAuthTries 3
MaxSessions 20
# Deployments open several connections at once: refuse at random only beyond what they need.
MaxStartups 30:30:100
LoginGraceTime 30
ClientAliveInterval 60
ClientAliveCountMax 3
# Ways through the machine to somewhere else. Docker over ssh runs a program there and needs none of them.
AllowTcpForwarding ${passesOnTo.length === 0 ? "no" : `local\nPermitOpen ${passesOnTo.join(" ")}`}
AllowStreamLocalForwarding no
AllowAgentForwarding no
GatewayPorts no
PermitTunnel no
X11Forwarding no
PermitUserEnvironment no
# Tells in the log which key came in.
LogLevel VERBOSE
# Against recordings of today that a quantum computer reads tomorrow, then the curve that nobody doubts.
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
# The last one is for the key that a machine is born with, and is offered by no machine that has no such key.
HostKeyAlgorithms ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256
`;
}
