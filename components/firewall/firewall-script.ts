import { join } from "node:path";
import { bootUnit } from "../host/boot-unit.ts";
import { shellCall, shellFile } from "../lib/shell.ts";
import { renderRules, tableOf } from "./render-rules.ts";
import type { RulesInput } from "./render-rules.ts";

/**
 * Loads an estate's rules into the host's kernel and prints a fingerprint of what the kernel then has. Where there is
 * systemd, the rules are loaded again at every start of the machine, before Docker's.
 */
export function firewallScript(input: RulesInput): string {
  const table = tableOf(input.estate);
  const rules = renderRules(input);
  const unit = bootUnit({
    name: `${table}-rules`,
    description: `What the containers of estate ${input.estate} may reach`,
    script: script("load.sh") + shellCall("load", table, rules),
  });
  return script("firewall.sh") + shellCall("firewall", table, rules, ...unit);
}

function script(name: string): string {
  return shellFile(join(import.meta.dirname, name));
}
