import type { Rule } from "../lib/rule.ts";
import { rule as capabilities } from "./container-capabilities.ts";
import { rule as defaultBridge } from "./container-default-bridge.ts";
import { rule as digest } from "./container-digest.ts";
import { rule as hostNamespaces } from "./container-host-namespaces.ts";
import { rule as limits } from "./container-limits.ts";
import { rule as noNewPrivileges } from "./container-no-new-privileges.ts";
import { rule as privileged } from "./container-privileged.ts";
import { rule as processLimitAdvice } from "./container-process-limit-advice.ts";
import { rule as readOnlyRoot } from "./container-read-only-root.ts";
import { rule as sensitiveMounts } from "./container-sensitive-mounts.ts";
import { rule as user } from "./container-user.ts";
import { rule as standIn } from "./lab-stand-in.ts";
import { rule as egress } from "./network-egress.ts";
import { rule as recorded } from "./waiver-recorded.ts";
import { rule as unknown } from "./waiver-unknown.ts";
import { rule as unused } from "./waiver-unused.ts";

/** Every rule of the pack, in the order of the reference page. */
export const rules: readonly Rule[] = [
  privileged,
  user,
  capabilities,
  readOnlyRoot,
  noNewPrivileges,
  sensitiveMounts,
  hostNamespaces,
  limits,
  defaultBridge,
  egress,
  digest,
  processLimitAdvice,
  unknown,
  unused,
  recorded,
  standIn,
];
