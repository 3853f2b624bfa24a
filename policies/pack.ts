import { PolicyPack } from "@pulumi/policy";

import { readPropertiesOnce } from "./lib/sdk.ts";
import { packOf, beforehandPolicy, toPolicy } from "./lib/to-policy.ts";
import { unjudgedPolicy } from "./lib/unjudged.ts";
import { waivedPolicy } from "./lib/waived.ts";
import { rules } from "./rules/catalogue.ts";

readPropertiesOnce();
const pack = packOf(rules);

// Constructing the pack starts its server, so this is the one module with a side effect.
new PolicyPack("garrison-policies", {
  description: "Containment rules for Pulumi programs that run containers",
  enforcementLevel: "mandatory",
  // The engine asks in this order.
  policies: [
    beforehandPolicy(pack),
    ...rules.map((rule) => toPolicy(rule, pack)),
    waivedPolicy(pack),
    unjudgedPolicy(pack),
  ],
});
