import { PolicyPack } from "@pulumi/policy";

import { toPolicy } from "./lib/to-policy.ts";
import { rules } from "./rules/catalogue.ts";

// Constructing the pack starts its server, so this is the one module with a side effect.
new PolicyPack("garrison-policies", {
  description: "Containment rules for Pulumi programs that run containers",
  enforcementLevel: "mandatory",
  policies: rules.map((rule) => toPolicy(rule, rules)),
});
