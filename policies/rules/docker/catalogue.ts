import type { Rule } from "../../lib/rule.ts";
import { rule as plugin } from "./plugin.ts";
import { rule as provider } from "./provider.ts";

/** Rules on the daemon: the way to it, and what it is extended by. */
export const dockerRules: readonly Rule[] = [provider, plugin];
