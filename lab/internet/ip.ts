import { execa } from "execa";
import { z } from "zod";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";

/** The part of `ip -json address` that is looked at. */
const linkSchema = z.object({
  ifname: z.string(),
  ifindex: z.number(),
  link_index: z.number().optional(),
  flags: z.array(z.string()),
  addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() }).partial()).default([]),
});
export type Link = z.infer<typeof linkSchema>;

const routeSchema = z.object({
  type: z.string().optional(),
  dst: z.string(),
  gateway: z.string().optional(),
  dev: z.string().optional(),
});
export type Route = z.infer<typeof routeSchema>;

const ruleSchema = z.object({
  priority: z.number(),
  src: z.string(),
  srclen: z.number().optional(),
  dst: z.string().optional(),
  dstlen: z.number().optional(),
  table: z.string().optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** Links with their addresses; undefined where the namespace or the link is not there. */
export function readLinks(program: string, args: readonly string[]): Promise<readonly Link[] | undefined> {
  return read(program, args, z.array(linkSchema));
}

/** Routes; undefined where the namespace or the table is not there. */
export function readRoutes(program: string, args: readonly string[]): Promise<readonly Route[] | undefined> {
  return read(program, args, z.array(routeSchema));
}

/** The rules of policy routing, in the order of their priority. */
export async function readRules(program: string): Promise<readonly Rule[]> {
  return (await read(program, ["rule", "show"], z.array(ruleSchema))) ?? [];
}

async function read<T>(program: string, args: readonly string[], schema: z.ZodType<T>): Promise<T | undefined> {
  const asked = await execa(program, ["-json", ...args], { reject: false, stdin: "ignore" });
  if (asked.exitCode !== 0) return undefined;
  return schema.parse(JSON.parse(asked.stdout.trim() === "" ? "[]" : asked.stdout));
}

/** Runs `ip <args>`; a refusal of the kernel is a report. */
export async function runIp(program: string, args: readonly string[], input?: string): Promise<void> {
  const ran = await execa(program, args, { reject: false, ...(input === undefined ? { stdin: "ignore" } : { input }) });
  if (ran.exitCode === 0) return;
  throw problem("The lab internet cannot be made", {
    property: `ip ${args.join(" ")}`,
    found: firstText(ran.stderr, ran.shortMessage),
    expected: "exit code 0",
    fix: "make sure that this machine lets root make network namespaces and veth links (in a container: SYS_ADMIN and NET_ADMIN)",
  });
}

/** Runs `ip <args>` where it is fine when there is nothing to act on. */
export async function tryIp(program: string, args: readonly string[]): Promise<boolean> {
  return (await execa(program, args, { reject: false, stdin: "ignore" })).exitCode === 0;
}
