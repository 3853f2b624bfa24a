import { existsSync } from "node:fs";
import { azureBlock } from "../fabric/places.ts";
import { readLinks, readRoutes, readRules } from "./ip.ts";
import type { Link, Route, Rule } from "./ip.ts";
import type { InternetLayout, RoutingRule } from "./layout.ts";

/** The file by which a namespace is named. */
export function namespaceFile({ namespace }: InternetLayout): string {
  return `/run/netns/${namespace}`;
}

/** What of namespace, cable, routes and rules is not there, in words; empty when all of it is. */
export async function missingFromNetwork(ip: string, layout: InternetLayout): Promise<readonly string[]> {
  const { namespace, hostLink, insideLink, ends, ends6, block, table } = layout;
  const [hostLinks, insideLinks, insideRoutes, wayOut, wayOut6, rules] = await Promise.all([
    readLinks(ip, ["address", "show", "dev", hostLink]),
    readLinks(ip, ["-netns", namespace, "address", "show"]),
    readRoutes(ip, ["-netns", namespace, "route", "show"]),
    readRoutes(ip, ["route", "show", "table", String(table)]),
    readRoutes(ip, ["-6", "route", "show", "table", String(table)]),
    readRules(ip),
  ]);
  if (insideLinks === undefined) return [`namespace ${namespace}`];
  const hostEnd = hostLinks?.[0];
  const insideEnd = insideLinks.find(({ ifname }) => ifname === insideLink);
  if (!areJoined(hostEnd, insideEnd)) return [`link ${hostLink} into namespace ${namespace}`];
  return [
    ...missingAddresses(hostEnd, [ends.host, ...optional(ends6?.host)]),
    ...missingAddresses(insideEnd, [ends.inside, ...optional(ends6?.inside), ...layout.addresses]),
    ...absent(insideRoutes, { dst: block, gateway: ends.host }, `route back to ${block} in ${namespace}`),
    ...absent(insideRoutes, { dst: azureBlock, gateway: ends.host }, `route to ${azureBlock} in ${namespace}`),
    ...absent(insideRoutes, { dst: "default", type: "unreachable" }, `last route in ${namespace}`),
    ...absent(wayOut, { dst: "default", gateway: ends.inside }, `default route of table ${String(table)}`),
    ...optional(ends6?.inside).flatMap((gateway) =>
      absent(wayOut6, { dst: "default", gateway }, `IPv6 default route of table ${String(table)}`),
    ),
    ...layout.rules.filter((rule) => countOf(rule, rules) === 0).map(describeRule),
  ];
}

/** Whether anything of it is on this host; needs no rights. */
export async function hasNetworkTraces(ip: string, layout: InternetLayout): Promise<boolean> {
  if (existsSync(namespaceFile(layout)) || existsSync(`/sys/class/net/${layout.hostLink}`)) return true;
  const rules = await readRules(ip);
  return layout.rules.some((rule) => countOf(rule, rules) > 0);
}

// Numbers of links are counted by namespace; that each end names the other's is as much as the kernel tells.
export function areJoined(hostEnd: Link | undefined, insideEnd: Link | undefined): boolean {
  if (hostEnd === undefined || insideEnd === undefined) return false;
  return hostEnd.link_index === insideEnd.ifindex && insideEnd.link_index === hostEnd.ifindex;
}

/** How often the rule is there: the kernel takes the same one twice. */
export function countOf(rule: RoutingRule, rules: readonly Rule[]): number {
  return rules.filter(({ priority, src, srclen, dst, dstlen, table }) => {
    const from = src === "all" ? src : `${src}/${String(srclen ?? 32)}`;
    const to = dst === undefined ? undefined : `${dst}/${String(dstlen ?? 32)}`;
    return rule.priority === priority && rule.from === from && rule.to === to && rule.table === table;
  }).length;
}

/** A rule as `ip rule add` wants it. */
export function ruleArguments({ priority, from, to, table }: RoutingRule): string[] {
  return ["priority", String(priority), "from", from, ...(to === undefined ? [] : ["to", to]), "lookup", table];
}

/** Nothing, or the one thing. */
export function optional<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function describeRule(rule: RoutingRule): string {
  return `rule ${ruleArguments(rule).join(" ")}`;
}

function missingAddresses(link: Link | undefined, wanted: readonly string[]): string[] {
  const there = new Set(link?.addr_info.map(({ local }) => local));
  const missing = wanted.filter((address) => !there.has(address)).map((address) => `address ${address}`);
  return link?.flags.includes("UP") === true ? missing : [...missing, `link ${link?.ifname ?? ""} up`];
}

function absent(routes: readonly Route[] | undefined, wanted: Partial<Route>, words: string): string[] {
  const found = routes?.some(
    ({ dst, type, gateway }) =>
      dst === wanted.dst &&
      (wanted.type === undefined || type === wanted.type) &&
      (wanted.gateway === undefined || gateway === wanted.gateway),
  );
  return found === true ? [] : [words];
}
