import type { Rule } from "./lib/rule.ts";
import { SETTINGS_ID } from "./lib/settings.ts";
import { rules } from "./rules/catalogue.ts";

type Configuration = Readonly<Record<string, unknown>>;

/**
 * Two ready-made configurations of the pack, for `--policy-pack-config`, written to `policies/config/`:
 * - `baseline`: what endangers the host or opens it to others stops a deployment; the rest is advice. Where to start
 *   with a program that nobody has hardened yet.
 * - `strict`: every rule stops, also those about dates, and agents and backups must be declared. For an estate in order,
 *   and for a scheduled job; a date should not stop an urgent deployment.
 */
export const configurations: Readonly<Record<"baseline" | "strict", Configuration>> = {
  baseline: Object.fromEntries(
    rules.map((rule) => [rule.id, { enforcementLevel: isGrave(rule) ? "mandatory" : "advisory" }]),
  ),
  strict: {
    [SETTINGS_ID]: { requireDeclaration: true, requireBackups: true, asOf: "today" },
    ...Object.fromEntries(rules.map((rule) => [rule.id, { enforcementLevel: "mandatory" }])),
  },
};

/** A configuration as the file that the CLI reads. */
export function renderConfiguration(name: keyof typeof configurations): string {
  return `${JSON.stringify(configurations[name], undefined, 2)}\n`;
}

function isGrave({ severity, level }: Rule): boolean {
  return level === "mandatory" && (severity === "critical" || severity === "high");
}
