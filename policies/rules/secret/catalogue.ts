import type { Rule } from "../../lib/rule.ts";

/** Rules on secrets and where they must not be. */
export const secretRules: readonly Rule[] = [];
