import { canInstall, installPackages } from "../lib/apt.ts";
import { firstExecutable, systemPath } from "../lib/executable.ts";
import { problem } from "../lib/report.ts";

/** Makes sure of `nft`, which loads the host's rules: installs it where it is missing and we may. */
export async function ensureNft(): Promise<void> {
  if ((await firstExecutable(systemPath(), "nft")) !== undefined) return;
  if (await canInstall()) return installPackages(["nftables"]);
  throw problem("The host's rules cannot be loaded", {
    subject: "nft",
    found: "not installed, and we are not root on Debian or Ubuntu",
    expected: "the package nftables",
    next: "sudo apt-get install nftables",
  });
}
