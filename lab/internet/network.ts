import { existsSync } from "node:fs";
import { readLinks, readRules, runIp, tryIp } from "./ip.ts";
import { azureBlock } from "../fabric/places.ts";
import { blockOfHostEnd, cableGroup, isVersion6, layOutInternet } from "./layout.ts";
import type { InternetLayout, RoutingRule } from "./layout.ts";
import { areJoined, countOf, namespaceFile, optional, ruleArguments } from "./network-state.ts";

/** Makes what is missing; what is there stays. It may have been cut off anywhere before. */
export async function makeNetwork(ip: string, layout: InternetLayout): Promise<void> {
  const { namespace, insideLink } = layout;
  await removeFormerBlock(ip, layout);
  await makeNamespace(ip, layout);
  await joinLinks(ip, layout);
  // Forwarding, so that an address that the lab internet lacks is refused at once instead of being waited for.
  const settings = `echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/conf/${insideLink}/rp_filter`;
  await runIp(ip, ["netns", "exec", namespace, "sh", "-c", settings]);
  await runIp(ip, ["-netns", namespace, "-batch", "-"], insideCommands(layout));
  await runIp(ip, ["-batch", "-"], outsideCommands(layout));
  // Last: from here on the estate's packets lead into the lab internet.
  const rules = await readRules(ip);
  for (const rule of layout.rules) {
    if (countOf(rule, rules) === 0) await runIp(ip, ["rule", "add", ...ruleArguments(rule)]);
  }
}

/** Takes the rules away first: as long as one is there, containers are led to where soon nothing is. */
export async function removeNetwork(ip: string, layout: InternetLayout): Promise<void> {
  await removeFormerBlock(ip, layout);
  await removeRules(ip, layout.rules);
  await tryIp(ip, ["link", "delete", layout.hostLink]);
  if (existsSync(namespaceFile(layout))) await runIp(ip, ["netns", "delete", layout.namespace]);
}

/** An estate of which nothing runs may be given another block; the rules of the former one must not stay behind. */
async function removeFormerBlock(ip: string, { hostLink, ends }: InternetLayout): Promise<void> {
  const [link] = (await readLinks(ip, ["address", "show", "dev", hostLink])) ?? [];
  const former = link?.addr_info.flatMap(({ local }) => optional(local)).find((own) => !isVersion6(own));
  if (former === undefined || former === ends.host) return;
  const { rules } = layOutInternet({ id: "former", network: blockOfHostEnd(former) });
  await removeRules(ip, rules);
  await tryIp(ip, ["link", "delete", hostLink]);
}

async function removeRules(ip: string, unwanted: readonly RoutingRule[]): Promise<void> {
  const rules = await readRules(ip);
  for (const rule of unwanted) {
    for (let left = countOf(rule, rules); left > 0; left -= 1) {
      await runIp(ip, ["rule", "delete", ...ruleArguments(rule)]);
    }
  }
}

// A run that was killed in between leaves the name of a namespace without one behind it.
async function makeNamespace(ip: string, { namespace }: InternetLayout): Promise<void> {
  if ((await readLinks(ip, ["-netns", namespace, "address", "show"])) !== undefined) return;
  await tryIp(ip, ["netns", "delete", namespace]);
  await runIp(ip, ["netns", "add", namespace]);
}

async function joinLinks(ip: string, { namespace, hostLink, insideLink }: InternetLayout): Promise<void> {
  const hostLinks = await readLinks(ip, ["address", "show", "dev", hostLink]);
  const insideLinks = await readLinks(ip, ["-netns", namespace, "address", "show", "dev", insideLink]);
  if (areJoined(hostLinks?.[0], insideLinks?.[0])) return;
  await tryIp(ip, ["link", "delete", hostLink]);
  await tryIp(ip, ["-netns", namespace, "link", "delete", insideLink]);
  await runIp(ip, ["link", "add", hostLink, "type", "veth", "peer", "name", insideLink, "netns", namespace]);
}

function insideCommands({ insideLink, ends, ends6, addresses, block }: InternetLayout): string {
  const own = [ends.inside, ...optional(ends6?.inside), ...addresses];
  return batch([
    "link set lo up",
    `link set ${insideLink} up`,
    ...own.map(
      (address) => `address replace ${withLength(address)} dev ${insideLink}${isVersion6(address) ? " nodad" : ""}`,
    ),
    `route replace ${block} via ${ends.host} dev ${insideLink} onlink`,
    // Under the one address that the host finds the way back to.
    `route replace ${azureBlock} via ${ends.host} dev ${insideLink} onlink src ${ends.inside}`,
    ...optional(ends6).map(({ host }) => `route replace ::/0 via ${host} dev ${insideLink} onlink`),
    "route replace unreachable default",
  ]);
}

// Neither a prefix nor a link-local address: the host's own routing tables stay exactly as they are.
function outsideCommands({ hostLink, ends, ends6, table }: InternetLayout): string {
  return batch([
    ...optional(ends6).map(() => `link set ${hostLink} addrgenmode none`),
    `address replace ${withLength(ends.host)} dev ${hostLink} noprefixroute`,
    ...optional(ends6).map(({ host }) => `address replace ${withLength(host)} dev ${hostLink} noprefixroute nodad`),
    `link set ${hostLink} group ${cableGroup} up`,
    `route replace default via ${ends.inside} dev ${hostLink} onlink table ${String(table)}`,
    // Nothing leads here by itself; a test of the second family adds a rule of its own.
    ...optional(ends6).map(
      ({ inside }) => `route replace ::/0 via ${inside} dev ${hostLink} onlink table ${String(table)}`,
    ),
  ]);
}

function withLength(address: string): string {
  return `${address}/${isVersion6(address) ? "128" : "32"}`;
}

function batch(commands: readonly string[]): string {
  return `${commands.join("\n")}\n`;
}
