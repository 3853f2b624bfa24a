import { PolicyPack } from "@pulumi/policy";

import type { Deserialization } from "./lib/sdk.ts";
import { readPropertiesOnce } from "./lib/sdk.ts";
import { notJudgedPolicy } from "./lib/not-judged.ts";
import { beforehandPolicy, packOf, toPolicy } from "./lib/to-policy.ts";
import { unjudgedPolicy } from "./lib/unjudged.ts";
import { waivedPolicy } from "./lib/waived.ts";
import { rules } from "./rules/catalogue.ts";

/** Makes the pack, which starts its server. */
export function servePack(sdk: Deserialization): void {
  readPropertiesOnce(sdk);
  const pack = packOf(rules);
  new PolicyPack("garrison-policies", {
    description: "Containment rules for containers, agents, machines, commands and secrets",
    enforcementLevel: "mandatory",
    // The engine asks in this order.
    policies: [
      beforehandPolicy(pack),
      ...rules.map((rule) => toPolicy(rule, pack)),
      waivedPolicy(pack),
      unjudgedPolicy(pack),
      notJudgedPolicy(pack),
    ],
  });
}
