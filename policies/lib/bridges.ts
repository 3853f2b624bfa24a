import { declarationsOf } from "./declarations.ts";
import type { Properties } from "./properties.ts";
import type { Resource, Stack } from "./resource.ts";
import type { Finding } from "./rule.ts";

/** A declared one-way message between two programs. */
export interface Bridge {
  readonly component: Resource;
  readonly from: string;
  readonly to: string;
  readonly properties: Properties;
}

/** All bridges that a program declares. */
function bridgesOf(stack: Stack): Bridge[] {
  return declarationsOf(stack)
    .listed("bridges")
    .map(({ component, properties }) => ({
      component,
      from: properties.text("from") ?? "",
      to: properties.text("to") ?? "",
      properties,
    }));
}

/** Findings on each bridge; the resource is the component that declares it. */
export function onEachBridge(
  stack: Stack,
  judge: (bridge: Bridge, all: readonly Bridge[]) => readonly Omit<Finding, "urn">[],
): Finding[] {
  const all = bridgesOf(stack);
  return all.flatMap((bridge) => judge(bridge, all).map((found) => ({ urn: bridge.component.urn, ...found })));
}
