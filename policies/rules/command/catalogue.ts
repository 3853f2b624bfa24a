import type { Rule } from "../../lib/rule.ts";

/** Rules on commands that run on a host. */
export const commandRules: readonly Rule[] = [];
