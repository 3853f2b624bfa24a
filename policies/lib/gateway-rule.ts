import { configurationsOf } from "./gateway-configuration.ts";
import type { Properties } from "./properties.ts";
import { show } from "./properties.ts";
import type { Stack } from "./resource.ts";
import type { Finding } from "./rule.ts";

/** What a check of a configuration found, before it is known whose it is. */
export type Flaw = Pick<Finding, "property" | "found" | "expected">;

/** Judges the configuration of every gateway; the findings are the gateway container's. */
export function onEachConfiguration(stack: Stack, judge: (configuration: Properties) => readonly Flaw[]): Finding[] {
  return configurationsOf(stack).flatMap(({ gateway, properties }) =>
    judge(properties).map((flaw) => ({ urn: gateway.resource.urn, ...flaw })),
  );
}

/** The settings of single agents: a list up to OpenClaw 2026.7, a map after it. */
export function agentSettings(configuration: Properties): Properties[] {
  const agents = configuration.object("agents");
  const entries = agents.object("entries");
  return [...agents.objects("list"), ...entries.names().map((name) => entries.object(name))];
}

/** A flaw of one value. */
export function flaw(inside: Properties, name: string, expected: string): Flaw {
  const value = inside.get(name);
  const found = typeof value === "object" ? JSON.stringify(value).slice(0, 120) : show(value);
  return { property: inside.path(name), found, expected };
}

/**
 * Whether an entry of a list of senders names one person for good: a number, by itself or behind its channel's name.
 * A name can be given up, and taken by somebody else.
 */
export function isNumericSender(entry: string): boolean {
  return /^((telegram|tg):)?[1-9]\d{0,19}$/i.test(entry.trim());
}
