import { join } from "node:path";

import { PolicyPack } from "@pulumi/policy";

import { explainedPolicy } from "./lib/explained.ts";
import { inShort } from "./lib/in-short.ts";
import type { Deserialization } from "./lib/sdk.ts";
import { readPropertiesOnce } from "./lib/sdk.ts";
import { notJudgedPolicy } from "./lib/not-judged.ts";
import { inOnePass } from "./lib/one-pass.ts";
import type { Policy } from "./lib/one-pass.ts";
import type { Pack } from "./lib/to-policy.ts";
import { beforehandPolicy, packOf, toPolicy } from "./lib/to-policy.ts";
import { unjudgedPolicy } from "./lib/unjudged.ts";
import { waivedPolicy } from "./lib/waived.ts";
import { rules } from "./rules/catalogue.ts";

/**
 * Makes the pack, which starts its server.
 * @param directory where the pack lies
 */
export function servePack(sdk: Deserialization, directory: string): void {
  readPropertiesOnce(sdk);
  new PolicyPack("garrison-policies", {
    description: "Containment rules for containers, agents, machines, commands and secrets",
    enforcementLevel: "mandatory",
    policies: policiesOf(packOf(rules), directory),
  });
}

/** The policies of the pack, which the engine asks in this order. */
export function policiesOf(pack: Pack, directory: string): Policy[] {
  return inOnePass(beforehandPolicy(pack), [
    ...pack.rules.map((rule) => inShort(toPolicy(rule, pack), pack)),
    inShort(waivedPolicy(pack), pack),
    inShort(unjudgedPolicy(pack), pack),
    inShort(notJudgedPolicy(pack), pack),
    explainedPolicy(pack, join(directory, "explain.cjs")),
  ]);
}
