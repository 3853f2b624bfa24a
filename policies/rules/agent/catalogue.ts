import type { Rule } from "../../lib/rule.ts";

/** Rules on containers that run code a model chose, and on what stands between them and the world. */
export const agentRules: readonly Rule[] = [];
