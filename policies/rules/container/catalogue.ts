import type { Rule } from "#lib/rule.ts";
import { rule as capabilities } from "./capabilities.ts";
import { rule as cgroupParent } from "./cgroup-parent.ts";
import { rule as defaultBridge } from "./default-bridge.ts";
import { rule as devices } from "./devices.ts";
import { rule as digest } from "./digest.ts";
import { rule as dockerApi } from "./docker-api.ts";
import { rule as groups } from "./groups.ts";
import { rule as healthCheck } from "./health-check.ts";
import { rule as hostNamespaces } from "./host-namespaces.ts";
import { rule as hostPath } from "./host-path.ts";
import { rule as limits } from "./limits.ts";
import { rule as logs } from "./logs.ts";
import { rule as mountPropagation } from "./mount-propagation.ts";
import { rule as nameResolution } from "./name-resolution.ts";
import { rule as noNewPrivileges } from "./no-new-privileges.ts";
import { rule as plantedFiles } from "./planted-files.ts";
import { rule as privileged } from "./privileged.ts";
import { rule as processLimitAdvice } from "./process-limit-advice.ts";
import { rule as publishedPorts } from "./published-ports.ts";
import { rule as readOnlyRoot } from "./read-only-root.ts";
import { rule as registry } from "./registry.ts";
import { rule as remoteShell } from "./remote-shell.ts";
import { rule as restart } from "./restart.ts";
import { rule as securityProfiles } from "./security-profiles.ts";
import { rule as sensitiveMounts } from "./sensitive-mounts.ts";
import { rule as sysctls } from "./sysctls.ts";
import { rule as tmpfs } from "./tmpfs.ts";
import { rule as ulimits } from "./ulimits.ts";
import { rule as user } from "./user.ts";

/** Rules on what a container is given, in the order of the reference page. */
export const containerRules: readonly Rule[] = [
  privileged,
  user,
  groups,
  capabilities,
  readOnlyRoot,
  noNewPrivileges,
  securityProfiles,
  sensitiveMounts,
  hostPath,
  dockerApi,
  devices,
  mountPropagation,
  hostNamespaces,
  sysctls,
  publishedPorts,
  remoteShell,
  plantedFiles,
  nameResolution,
  limits,
  cgroupParent,
  ulimits,
  tmpfs,
  logs,
  restart,
  healthCheck,
  defaultBridge,
  digest,
  registry,
  processLimitAdvice,
];
