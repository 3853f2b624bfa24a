import type { Rule } from "#lib/rule.ts";
import { rule as configured } from "./configured.ts";
import { rule as expired } from "./expired.ts";
import { rule as recorded } from "./recorded.ts";
import { rule as unknown } from "./unknown.ts";
import { rule as unused } from "./unused.ts";

/** Rules on the waivers themselves. */
export const waiverRules: readonly Rule[] = [unknown, unused, recorded, configured, expired];
