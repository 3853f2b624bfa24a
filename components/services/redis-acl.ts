import type { Client } from "../wiring/blueprint.ts";

/**
 * A line of Redis's file of users: the client under the password of now and the one before, so that a rotation interrupts
 * nobody.
 *
 * @param keys the client's keys, as Redis writes patterns; undefined: none
 * @param channels which channels it may use
 */
export function aclUser(
  { name, login }: Client,
  keys: string | undefined,
  rights: string,
  channels: "resetchannels" | "allchannels" = "resetchannels",
): string {
  const hashes = (["current", "previous"] as const).map((slot) => `#${login({ slot, as: "sha256" })}`);
  const own = keys === undefined ? [] : [`~${keys}`];
  return ["user", name, "on", ...hashes, ...own, channels, "-@all", rights].join(" ");
}
