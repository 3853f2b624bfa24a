import type { Rule } from "../lib/rule.ts";
import { agentRules } from "./agent/catalogue.ts";
import { azureRules } from "./azure/catalogue.ts";
import { backupRules } from "./backup/catalogue.ts";
import { bridgeRules } from "./bridge/catalogue.ts";
import { cloudflareRules } from "./cloudflare/catalogue.ts";
import { commandRules } from "./command/catalogue.ts";
import { containerRules } from "./container/catalogue.ts";
import { dockerRules } from "./docker/catalogue.ts";
import { gatewayRules } from "./gateway/catalogue.ts";
import { gpuRules } from "./gpu/catalogue.ts";
import { labRules } from "./lab/catalogue.ts";
import { memoryRules } from "./memory/catalogue.ts";
import { networkRules } from "./network/catalogue.ts";
import { secretRules } from "./secret/catalogue.ts";
import { waiverRules } from "./waiver/catalogue.ts";

/** Every rule of the pack, in the order of the reference page. */
export const rules: readonly Rule[] = [
  ...containerRules,
  ...networkRules,
  ...dockerRules,
  ...agentRules,
  ...gatewayRules,
  ...memoryRules,
  ...bridgeRules,
  ...backupRules,
  ...gpuRules,
  ...commandRules,
  ...secretRules,
  ...azureRules,
  ...cloudflareRules,
  ...waiverRules,
  ...labRules,
];
