import type { Rule } from "../../lib/rule.ts";

/** Rules on Cloudflare resources. */
export const cloudflareRules: readonly Rule[] = [];
