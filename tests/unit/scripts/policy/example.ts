import type { FindingParts } from "#policies/lib/finding-text.ts";
import type { EngineEvent } from "#scripts/engine/events.ts";
import { policyReport } from "#scripts/policy/policy-report.ts";
import type { PolicyReport } from "#scripts/policy/policy-report.ts";

type PolicyEvent = NonNullable<EngineEvent["policyEvent"]>;

const PACK = { policyPackName: "garrison-policies", policyPackVersion: "0.1.0" };

export function urn(name: string): string {
  return `urn:pulumi:dev::shop::docker:index/container:Container::${name}`;
}

/** A finding as the engine reports it, where the pack tells findings for programs. */
export function finding(policyName: string, resource: string, parts: Partial<FindingParts> = {}): PolicyEvent {
  const told = { resource, property: "user", found: "not set", expected: "a uid", ...parts };
  const enforcementLevel = policyName.endsWith("-advice") ? "advisory" : "mandatory";
  return { ...PACK, policyName, enforcementLevel, resourceUrn: urn(resource), message: JSON.stringify(told) };
}

/** What the pack itself has to say, in words. */
export function note(policyName: string, message: string): PolicyEvent {
  return { ...PACK, policyName, enforcementLevel: "advisory", message: `${message}\n` };
}

/** What plain containers, with nothing but a name and an image, are found to break. */
const ON_PLAIN = [
  "container.user",
  "container.capabilities",
  "container.read-only-root",
  "container.no-new-privileges",
  "container.published-ports",
  "container.limits",
  "container.health-check",
  "container.digest",
  "container.default-bridge",
];

export function plainContainers(count: number, more: readonly string[] = []): PolicyReport {
  const names = Array.from({ length: count }, (_, index) => `service-${String(index + 1)}`);
  const events = [...ON_PLAIN, ...more].flatMap((rule) => names.map((name) => finding(rule, name)));
  return policyReport("state.json", [...events, finding("container.process-limit-advice", "shop-dev")], []);
}
