import type { Client } from "../wiring/blueprint.ts";

/**
 * A line of Redis's file of users: the client under the password of now and the one before, so that a rotation interrupts
 * nobody.
 *
 * @param keys the client's keys, as Redis writes patterns; undefined: none
 */
export function aclUser({ name, login }: Client, keys: string | undefined, rights: string): string {
  const hashes = (["current", "previous"] as const).map((slot) => `#${login({ slot, as: "sha256" })}`);
  const own = keys === undefined ? [] : [`~${keys}`];
  return ["user", name, "on", ...hashes, ...own, "resetchannels", "-@all", rights].join(" ");
}
