import type { Rule } from "#lib/rule.ts";
import { rule as driver } from "./driver.ts";
import { rule as egress } from "./egress.ts";
import { rule as overlay } from "./overlay.ts";

/** Rules on the networks of a program. */
export const networkRules: readonly Rule[] = [driver, overlay, egress];
