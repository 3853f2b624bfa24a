import { z } from "zod";
import { capabilityName } from "#containment/capability-names.ts";

/**
 * A recorded departure from the hardened posture.
 *
 * The id is the id of the policy rule that it answers to; it travels in the container's label
 * `garrison.waivers`. Reason, owner and expiry are outputs of the component instead, because a label
 * change would recreate the container.
 */
export interface Waiver {
  readonly id: WaiverId;
  /** Why the service cannot do without, in one sentence. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** ISO date (YYYY-MM-DD) after which it has to be argued again. */
  readonly expires: string;
  /** `container.capabilities` only: what is added back after everything was dropped, e.g. `CHOWN`. */
  readonly add?: readonly string[];
}

/** The rules that a container may depart from, each named like its policy. */
const WAIVER_IDS = [
  "container.user",
  "container.groups",
  "container.capabilities",
  "container.read-only-root",
  "container.security-profiles",
  "container.sensitive-mounts",
  "container.host-path",
  "container.planted-files",
  "container.docker-api",
  "container.devices",
  "container.sysctls",
  "container.published-ports",
  "container.remote-shell",
  "container.name-resolution",
  "container.cgroup-parent",
  "container.ulimits",
  "container.tmpfs",
  "container.logs",
  "container.restart",
  "container.health-check",
  "network.egress",
  "agent.guard",
  "agent.runtime",
  "agent.secrets",
  "agent.volumes",
  "gateway.cost-limits",
  "gateway.docker-api",
] as const;

export type WaiverId = (typeof WAIVER_IDS)[number];

/** `Date.parse` would take 30 February for 2 March. */
const isoDate = z.iso.date();

/** Records a departure: `waive("container.read-only-root", { reason: "…", owner: "…", expires: "2027-06-30" })`. */
export function waive(id: WaiverId, details: Omit<Waiver, "id">): Waiver {
  return { id, ...details };
}

/** What is wrong with a waiver's wording, as sentences; empty when it is in order. */
export function waiverProblems(waiver: Waiver): string[] {
  const problems: string[] = [];
  if (!WAIVER_IDS.includes(waiver.id)) problems.push(`id is none of ${WAIVER_IDS.join(", ")}`);
  if (wordsIn(waiver.reason) < 4) problems.push(`reason "${waiver.reason}" does not explain anything`);
  if (wordsIn(waiver.owner) === 0) problems.push("owner is empty");
  if (!isoDate.safeParse(waiver.expires).success)
    problems.push(`expires "${waiver.expires}" is not a date (YYYY-MM-DD)`);
  const adds = waiver.add ?? [];
  if (waiver.id === "container.capabilities" && adds.length === 0) problems.push("add names no capability");
  for (const name of adds.filter((one) => capabilityName(one) === undefined))
    problems.push(`add names ${JSON.stringify(name)}, which is no single capability of Linux such as CHOWN`);
  if (waiver.id !== "container.capabilities" && adds.length > 0) problems.push(`add has no meaning for ${waiver.id}`);
  return problems;
}

/** Words that one can read. */
function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
