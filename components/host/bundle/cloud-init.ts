import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { refuse } from "#components/lib/problems.ts";
import { shellFile } from "#components/lib/shell.ts";
import type { Bundle } from "./bundle.ts";
import { hostScript, PROGRAM_PATH } from "./host-script.ts";

/** Most characters of custom data, in base64, that a virtual machine takes (Azure's `osProfile.customData`). */
export const CUSTOM_DATA_LIMIT = 65_535;

/**
 * An SSH host key that is good for one first boot: the first connection is pinned to it, and the machine then makes a key of
 * its own. ECDSA on P-256: of another kind than the lasting one, so that sshd serves both until that one is proven.
 */
export interface FirstBootKey {
  /** PEM: OpenSSH's own format, or SEC 1. */
  readonly privateKey: string;
  /** `ecdsa-sha2-nistp256 AAAA…` */
  readonly publicKey: string;
}

const FIRST_BOOT = shellFile(join(import.meta.dirname, "first-boot.sh"));

export interface CloudInit {
  /** For `osProfile.customData` after base64, or for any NoCloud seed. Holds a private key. */
  readonly userData: string;
  /** Whether the whole bundle is in it, which holds no secret then; else only the way in is, and the rest follows over ssh. */
  readonly complete: boolean;
}

/**
 * A machine that is born configured: the same program, the same bundle, no connection. There is nothing to go back to at
 * a first boot, so it is confirmed at once.
 *
 * @throws ProblemsError when not even the way in fits
 */
export function cloudInit(bundle: Bundle, key: FirstBootKey, limit = CUSTOM_DATA_LIMIT): CloudInit {
  // Custom data stays readable for as long as the machine lives: what is secret, and what may need it, follows over ssh.
  const whole = bundle.entries.some(({ secret }) => secret) ? [] : ([[bundle, true]] as const);
  for (const [part, complete] of [...whole, [wayIn(bundle), false]] as const) {
    const userData = render(part, key);
    if (sizeOf(userData) <= limit) return { userData, complete };
  }
  const size = sizeOf(render(wayIn(bundle), key));
  refuse(`The machine ${bundle.host} cannot be born`, [
    {
      property: "custom data",
      found: `${String(size)} characters for users, keys, sshd and rules alone`,
      expected: `at most ${String(limit)}`,
    },
  ]);
  throw new Error("unreachable");
}

/** What a machine needs so that its deployer gets in, and nobody else does. */
function wayIn(bundle: Bundle): Bundle {
  const needed = ["nftables", "openssh-server", "sudo"];
  const unit = "garrison-rules.service";
  const paths = ["/etc/garrison/rules.nft", `/etc/systemd/system/${unit}`];
  return {
    ...bundle,
    packages: bundle.packages.filter((name) => needed.includes(name)),
    // Groups come with packages that are not here yet.
    users: bundle.users.map((user) => ({ ...user, groups: user.groups.filter((group) => group === "sudo") })),
    entries: bundle.entries.filter(
      ({ path, guarded, check, secret }) => !secret && (paths.includes(path) || (guarded && check !== "dockerd")),
    ),
    enabled: bundle.enabled.filter((name) => name === unit),
  };
}

function render(bundle: Bundle, key: FirstBootKey): string {
  const path = "/run/garrison-first-boot";
  const content = gzipSync(hostScript(bundle), { level: 9 });
  const config = {
    // Without a list there would be a user more than the bundle has, and an empty one is none to cloud-init. Root's
    // password is left as the image has it: at the console it may be the last way in.
    users: [{ name: "root", lock_passwd: false }],
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: { ecdsa_private: key.privateKey, ecdsa_public: key.publicKey },
    write_files: [
      { path, permissions: "0600", owner: "root:root", encoding: "gz+b64", content: content.toString("base64") },
    ],
    runcmd: [["sh", "-c", FIRST_BOOT, "garrison-first-boot", path, PROGRAM_PATH]],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

function sizeOf(userData: string): number {
  return Buffer.from(userData).toString("base64").length;
}
