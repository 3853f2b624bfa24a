import type { Resource } from "./resource.ts";

/** Of these resources the ones that a component speaks for: its own where it has some, else all of the program's. */
export function spokenFor(component: Resource, resources: readonly Resource[]): readonly Resource[] {
  const own = resources.filter((resource) => isWithin(resource, component));
  return own.length > 0 ? own : resources;
}

function isWithin(resource: Resource, component: Resource): boolean {
  for (let parent = resource.parent; parent !== undefined; parent = parent.parent) {
    if (parent.urn === component.urn) return true;
  }
  return false;
}
