import type { Resource } from "./resource.ts";
import type { Settings } from "./settings.ts";

/** Every label that the rules read. */
export const label = {
  estate: "garrison.estate",
  role: "garrison.role",
  service: "garrison.service",
  stack: "garrison.stack",
  standIn: "garrison.stand-in",
  trust: "garrison.trust",
  waivers: "garrison.waivers",
} as const;

// Asked for with every finding, which would be slow on a resource with thousands of both.
const known = new WeakMap<Resource, ReadonlyMap<string, string>>();

/** The resource's labels; of one given twice the last counts, as for Docker. */
export function labelsOf(resource: Resource): ReadonlyMap<string, string> {
  const before = known.get(resource);
  if (before !== undefined) return before;
  const labels = new Map<string, string>();
  known.set(resource, labels);
  for (const entry of resource.properties.objects("labels")) {
    const name = entry.text("label");
    if (name !== undefined) labels.set(name, entry.text("value") ?? "");
  }
  return labels;
}

/** Ids of the rules that the resource's label waives. */
export function waiversOf(resource: Resource): readonly string[] {
  const ids = (labelsOf(resource).get(label.waivers) ?? "").split(",").map((id) => id.trim());
  return [...new Set(ids.filter((id) => id !== ""))];
}

/** What the container's label says it is, in lower case. */
export function roleLabelOf(resource: Resource): string | undefined {
  return labelsOf(resource).get(label.role)?.trim().toLowerCase();
}

/** What the container's label says it is trusted with, in lower case. */
export function trustLabelOf(resource: Resource): readonly string[] {
  const words = (labelsOf(resource).get(label.trust) ?? "").split(",").map((word) => word.trim().toLowerCase());
  return [...new Set(words.filter((word) => word !== ""))];
}

/** Whether the container runs code that a model chose: by its label, or by the pack's settings. */
export function isAgent(resource: Resource, { agents }: Settings): boolean {
  if (roleLabelOf(resource) === "agent") return true;
  return agents.includes(resource.name) || agents.includes(resource.properties.text("name") ?? resource.name);
}

/** Whether the resource belongs to a Garrison estate. Any program may use the other labels. */
export function isOurs(resource: Resource): boolean {
  const labels = labelsOf(resource);
  return labels.has(label.estate) || labels.has(label.stack) || labels.has(label.service);
}
