import type { Rule } from "#lib/rule.ts";
import { rule as build } from "./build.ts";
import { rule as plugin } from "./plugin.ts";
import { rule as provider } from "./provider.ts";
import { rule as registry } from "./registry.ts";

/** Rules on the daemon: the way to it, what it is extended by, and how it gets its images. */
export const dockerRules: readonly Rule[] = [provider, plugin, build, registry];
