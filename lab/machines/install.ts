import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aptOptionsFor, canInstall, installPackages, missingPackages } from "#helpers/programs/apt.ts";
import { problem } from "#helpers/terminal/report.ts";
import { debianCodename, hostDebianLines } from "./package-sources.ts";

/** Where Debian puts the daemon. */
export const incusd = "/usr/libexec/incus/incusd";

const incusPackages = ["incus-base", "incus-client"];
/** Incus needs them for what the lab does with it: addresses, images, limits as seen inside, keys, disks. */
const otherPackages = [
  "dnsmasq-base",
  "e2fsprogs",
  "iproute2",
  "iptables",
  "lxcfs",
  "mmdebstrap",
  "nftables",
  "openssh-client",
  "rsync",
  "squashfs-tools",
];
const hostSources = "/etc/apt";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Whether everything is there that machines are made with. */
async function hasIncus(): Promise<boolean> {
  return existsSync(incusd) && (await missingPackages([...incusPackages, ...otherPackages])).length === 0;
}

/**
 * Installs Incus and what it needs where it is missing and we may. Debian 12 has it in its backports: apt is told of them
 * for this one installation, with package lists of its own in `cache`, and the host's sources stay as they are.
 */
export async function ensureIncus(cache: string): Promise<void> {
  if (await hasIncus()) return;
  if (!(await canInstall())) {
    throw problem("The lab's machines cannot be made on this machine", {
      property: "Incus",
      found: "not installed, and we are not root on Debian",
      expected: "the packages incus-base and incus-client",
      fix: "as root: apt-get install incus-base incus-client (Debian 12: from bookworm-backports)",
    });
  }
  await installPackages(otherPackages);
  if ((await debianCodename()) !== "bookworm") return installPackages(incusPackages);
  await installPackages(incusPackages, await backports("bookworm-backports", join(cache, "apt")));
}

/** Makes the host's sources and one more suite a set of its own. */
async function backports(suite: string, directory: string): Promise<ReturnType<typeof aptOptionsFor>> {
  const parts = join(directory, "sources");
  const lists = join(directory, "lists");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(parts, { recursive: true });
  const hostParts = join(hostSources, "sources.list.d");
  const names = await readdir(hostParts).catch(() => []);
  for (const name of names) await copyFile(join(hostParts, name), join(parts, name));
  const [line = ""] = await hostDebianLines([suite]);
  const signed = existsSync(keyring) ? line.replace("deb ", `deb [signed-by=${keyring}] `) : line;
  await writeFile(join(parts, "garrison-backports.list"), `${signed}\n`);
  return aptOptionsFor({ parts, lists, suite });
}
