import type { Rule } from "#lib/rule.ts";
import { rule as approval } from "./approval.ts";
import { rule as auth } from "./auth.ts";
import { rule as costLimits } from "./cost-limits.ts";
import { rule as dockerApi } from "./docker-api.ts";
import { rule as elevated } from "./elevated.ts";
import { rule as hostExec } from "./host-exec.ts";
import { rule as sandbox } from "./sandbox.ts";
import { rule as senders } from "./senders.ts";

/** Rules on the gateway, which gives agents their work. */
export const gatewayRules: readonly Rule[] = [
  dockerApi,
  auth,
  senders,
  elevated,
  sandbox,
  hostExec,
  approval,
  costLimits,
];
