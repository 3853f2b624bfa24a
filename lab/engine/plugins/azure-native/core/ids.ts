/** Azure's resource ids: `/subscriptions/…/resourceGroups/…/providers/…`. Azure compares them without regard to case. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { text } from "./values.ts";

/** Names of the placeholders of an id's template: the inputs that it is made of. */
export function idInputs(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).filter((name) => name !== "subscriptionId");
}

/** The id, or undefined when one of its parts is not known yet. */
export function resourceId(template: string, inputs: Properties, subscriptionId: string): string | undefined {
  const values: Properties = { ...inputs, subscriptionId };
  if (["subscriptionId", ...idInputs(template)].some((name) => text(values, name) === undefined)) return undefined;
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => text(values, name) ?? "");
  // A scope begins with a slash of its own.
  return filled.replace(/^\/{2,}/, "/");
}

/** `Microsoft.Network/virtualNetworks/subnets` for a subnet's id, or the template of one. */
export function armType(id: string): string {
  const [, ...paths] = id.split(/\/providers\//i);
  const path = paths.at(-1);
  if (path === undefined) return "Microsoft.Resources/resourceGroups";
  const [namespace = "", ...rest] = path.split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether `id` is `scope` or something inside it. */
export function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, "")];
  return inner === outer || inner.startsWith(`${outer}/`);
}

export function lastPart(id: string): string {
  return id.split("/").at(-1) ?? id;
}

/** The group of a resource; undefined for what is outside of any. */
export function groupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}

/** The resource that this one is a part of: the network of a subnet. */
export function parentOf(id: string): string | undefined {
  const parts = id.split("/");
  const provider = parts.map((part) => part.toLowerCase()).lastIndexOf("providers");
  return provider >= 0 && parts.length - provider > 4 ? parts.slice(0, -2).join("/") : undefined;
}

/** How ids are told apart while the subscription does not matter. */
export function idKey(id: string): string {
  return id.toLowerCase().replace(/^\/subscriptions\/[^/]+/, "");
}
