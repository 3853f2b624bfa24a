import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { execa } from "execa";
import { filesRoot } from "#components/files/plan-files.ts";
import { tableOf } from "#components/firewall/render-rules.ts";
import { hasFirewall } from "./firewall.ts";

/**
 * Removes from this host the files and rules of an estate that has no containers any more. The engine has removed them
 * where it knew of them; a run that was killed while a host command was at work has left them without writing that down.
 */
export async function removeHostLeftovers(estate: string, say: (line: string) => void): Promise<void> {
  const root = filesRoot(estate);
  if (existsSync(root)) {
    say(`Removing files that a killed run left: ${root}`);
    // Not mounted where the run was killed before it came to that.
    await execa("umount", [root], { reject: false });
    await rm(root, { recursive: true, force: true });
  }
  if (await hasFirewall(estate)) {
    say(`Removing rules that a killed run left: table ${tableOf(estate)}`);
    await execa("nft", ["delete", "table", "inet", tableOf(estate)], { reject: false });
  }
}
