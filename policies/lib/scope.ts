import type { Resource, Stack } from "./resource.ts";
import { type } from "./types.ts";

/** The resources of a type that a component speaks for: its own where it has containers or volumes, else all. */
export function spokenFor(component: Resource, stack: Stack, wanted: string): readonly Resource[] {
  const isOwn = (resource: Resource): boolean => isWithin(resource, component);
  const hasOwn = [type.container, type.volume].some((kind) => stack.ofType(kind).some(isOwn));
  return hasOwn ? stack.ofType(wanted).filter(isOwn) : stack.ofType(wanted);
}

function isWithin(resource: Resource, component: Resource): boolean {
  for (let parent = resource.parent; parent !== undefined; parent = parent.parent) {
    if (parent.urn === component.urn) return true;
  }
  return false;
}
