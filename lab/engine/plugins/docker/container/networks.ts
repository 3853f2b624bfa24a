/** Which networks a container is created on, and which it joins before its start. Pure. */
import type { ContainerInputs } from "../inputs.ts";

export const DEFAULT_BRIDGE = "bridge";

/** The network that "create" puts a container on, without address or aliases, whatever `networksAdvanced` says of it. */
export function networkMode({ networkMode: mode }: ContainerInputs): string {
  return mode === undefined || mode === "" || mode === "default" ? DEFAULT_BRIDGE : mode;
}

/** Modes without a network stack of their own: no network can be joined in them. */
export function isExclusiveMode(mode: string | undefined): boolean {
  return mode !== undefined && (mode === "none" || mode === "host" || mode.startsWith("container:"));
}
