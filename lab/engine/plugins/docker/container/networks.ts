/** Which networks a container is created on, and which it joins afterwards. Pure. */
import type { ContainerInputs, NetworkUse } from "../inputs.ts";

export interface NetworkPlan {
  readonly mode: string | undefined;
  /** The network that "create" puts it on, with address and aliases. */
  readonly first: NetworkUse | undefined;
  readonly rest: readonly NetworkUse[];
}

const defaultModes = new Set(["", "default", "bridge"]);

/** With networks of its own, a container is never put on the default bridge, not even before its start. */
export function networkPlan({ networkMode, networksAdvanced }: ContainerInputs): NetworkPlan {
  const uses = networksAdvanced ?? [];
  const wantsDefault = networkMode === undefined || defaultModes.has(networkMode);
  const mode = wantsDefault && uses[0] ? uses[0].name : networkMode;
  const first = uses.find((use) => use.name === mode);
  return { mode, first, rest: uses.filter((use) => use !== first) };
}

/** Modes without a network stack of their own: no network can be joined in them. */
export function isExclusiveMode(mode: string | undefined): boolean {
  return mode !== undefined && (mode === "none" || mode === "host" || mode.startsWith("container:"));
}
