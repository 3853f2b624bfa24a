import { existsSync } from "node:fs";
import { execa } from "execa";
import { prepareScript } from "#components/container/host-scripts.ts";
import { filesScript } from "#components/files/files-script.ts";
import { filesRoot } from "#components/files/plan-files.ts";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import { tableOf } from "#components/firewall/render-rules.ts";
import { journalsOf } from "#components/host/estate-part.ts";
import { hasFirewall } from "./firewall.ts";

/**
 * Removes from this host what is left of an estate that has no containers any more, by the host's own writer. The engine has
 * had it removed where it knew of it; a run that was killed while a host command was at work has left it without writing
 * that down.
 */
export async function removeHostLeftovers(estate: string, say: (line: string) => void): Promise<void> {
  const left = [filesRoot(estate), journalsOf(estate)].filter((path) => existsSync(path));
  if (await hasFirewall(estate)) left.push(`table ${tableOf(estate)}`);
  if (left.length === 0) return;
  say(`Removing what a killed run left: ${left.join(", ")}`);
  const nothing = { estate, networks: [], flows: [], resolvers: [], publishAddress: "127.0.0.1" };
  for (const script of [prepareScript(estate, "cgroupfs", [], []), filesScript(estate, []), firewallScript(nothing)]) {
    const ended = await execa("sh", ["-s", "remove"], { input: script, reject: false });
    // What is left all the same is told with what to type.
    if (ended.exitCode !== 0) say(ended.stderr);
  }
}
