import type { Rule } from "../../lib/rule.ts";
import { rule as capabilities } from "./capabilities.ts";
import { rule as defaultBridge } from "./default-bridge.ts";
import { rule as digest } from "./digest.ts";
import { rule as hostNamespaces } from "./host-namespaces.ts";
import { rule as limits } from "./limits.ts";
import { rule as noNewPrivileges } from "./no-new-privileges.ts";
import { rule as privileged } from "./privileged.ts";
import { rule as processLimitAdvice } from "./process-limit-advice.ts";
import { rule as readOnlyRoot } from "./read-only-root.ts";
import { rule as sensitiveMounts } from "./sensitive-mounts.ts";
import { rule as user } from "./user.ts";

/** Rules on what a container is given, in the order of the reference page. */
export const containerRules: readonly Rule[] = [
  privileged,
  user,
  capabilities,
  readOnlyRoot,
  noNewPrivileges,
  sensitiveMounts,
  hostNamespaces,
  limits,
  defaultBridge,
  digest,
  processLimitAdvice,
];
