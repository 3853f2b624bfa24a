import { entry } from "../host/bundle/bundle.ts";
import { RULES_DIRECTORY } from "../host/bundle/render/host-rules.ts";
import { estateScript } from "../host/estate-part.ts";
import { renderRules, tableOf } from "./render-rules.ts";
import type { RulesInput } from "./render-rules.ts";

/**
 * Loads an estate's rules into the host's kernel and prints a fingerprint of what the kernel then has. Where there is
 * systemd, the rules are loaded again at every start of the machine, before Docker's.
 */
export function firewallScript(input: RulesInput): string {
  const path = `${RULES_DIRECTORY}/${tableOf(input.estate)}.nft`;
  return estateScript({
    estate: input.estate,
    part: "rules",
    entries: [entry(path, renderRules(input), { mode: "600", check: "nft" })],
    atStart: "What the containers may reach",
  });
}
