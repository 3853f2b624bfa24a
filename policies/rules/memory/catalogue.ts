import type { Rule } from "#lib/rule.ts";
import { rule as clients } from "./clients.ts";

/** Rules on what agents remember. */
export const memoryRules: readonly Rule[] = [clients];
