import type { Rule } from "#lib/rule.ts";
import { rule as standIn } from "./stand-in.ts";

/** Rules on what only the lab may have. */
export const labRules: readonly Rule[] = [standIn];
