import type { Rule } from "#lib/rule.ts";
import { rule as sets } from "./sets.ts";

/** Rules on what is kept. */
export const backupRules: readonly Rule[] = [sets];
