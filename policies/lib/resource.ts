import { Properties, Unknowns } from "./properties.ts";

/** A resource as the rules see it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: Properties;
  readonly unknowns: Unknowns;
  /** Only rules over a whole stack see parents. */
  readonly parent?: Resource;
}

/** All resources of a stack, with the outputs that are known. */
export interface Stack {
  readonly resources: readonly Resource[];
}

/** The part of the policy SDK's resources that the rules need. */
interface Given {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: unknown;
  readonly parent?: Given;
}

/** Opens a resource for one rule; what the rule cannot know is collected in `unknowns`. */
export function openResource(given: Given): Resource {
  const { urn, type, name, props } = given;
  const unknowns = new Unknowns();
  return { urn, type, name, properties: new Properties(props, unknowns), unknowns };
}

/** Opens a stack for one rule. Every resource has its own collector of unknowns. */
export function openStack(given: readonly Given[]): Stack {
  const opened = new Map<string, Resource>();
  const open = (one: Given): Resource => {
    const known = opened.get(one.urn);
    if (known !== undefined) return known;
    const resource = { ...openResource(one), ...(one.parent && { parent: open(one.parent) }) };
    opened.set(one.urn, resource);
    return resource;
  };
  return { resources: given.map(open) };
}
