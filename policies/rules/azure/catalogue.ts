import type { Rule } from "../../lib/rule.ts";

/** Rules on Azure resources. */
export const azureRules: readonly Rule[] = [];
