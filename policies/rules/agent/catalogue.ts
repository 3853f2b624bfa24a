import type { Rule } from "#lib/rule.ts";
import { rule as declaration } from "./declaration.ts";
import { rule as declared } from "./declared.ts";
import { rule as dockerApi } from "./docker-api.ts";
import { rule as guard } from "./guard.ts";
import { rule as identity } from "./identity.ts";
import { rule as limits } from "./limits.ts";
import { rule as logs } from "./logs.ts";
import { rule as metadata } from "./metadata.ts";
import { rule as modelGateway } from "./model-gateway.ts";
import { rule as network } from "./network.ts";
import { rule as ruleOfTwo } from "./rule-of-two.ts";
import { rule as runtime } from "./runtime.ts";
import { rule as seccomp } from "./seccomp.ts";
import { rule as secrets } from "./secrets.ts";
import { rule as sharedDirectory } from "./shared-directory.ts";
import { rule as tmpfs } from "./tmpfs.ts";
import { rule as user } from "./user.ts";
import { rule as volumes } from "./volumes.ts";

/** Rules on containers that run code a model chose, and on what a program says about them. */
export const agentRules: readonly Rule[] = [
  network,
  dockerApi,
  secrets,
  ruleOfTwo,
  identity,
  user,
  sharedDirectory,
  limits,
  tmpfs,
  volumes,
  logs,
  runtime,
  seccomp,
  guard,
  modelGateway,
  metadata,
  declaration,
  declared,
];
