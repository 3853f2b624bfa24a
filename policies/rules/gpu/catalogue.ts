import type { Rule } from "#lib/rule.ts";
import { rule as modelFits } from "./model-fits.ts";

/** Rules on models and the hardware that serves them. */
export const gpuRules: readonly Rule[] = [modelFits];
