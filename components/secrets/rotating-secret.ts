import * as pulumi from "@pulumi/pulumi";
import { mint } from "./mint.ts";
import type { MintedSource, SecretValue } from "./mint.ts";
import { SLOTS, slotGeneration, slotsAt } from "./slots.ts";
import type { Slot } from "./slots.ts";

export interface RotatingSecretArgs {
  readonly source: MintedSource;
  /** Counts the rotations, from 1. Raise it by one at a time. */
  readonly generation: number;
  /** ISO date of the last rotation, for the reminder of what is due. */
  readonly rotated?: string;
  /** Who signs, for a certificate. */
  readonly authority?: RotatingSecret;
}

/**
 * A secret with two slots, so that rotating it leaves the value before valid: servers accept `current` and `previous`,
 * clients present `current`. Raising the generation mints one value anew, in the older slot. The next time it is the
 * other slot's turn, and the value from two rotations ago is gone.
 *
 * At generation 1 there is one value, which is both: a second one would be valid everywhere and used by nobody.
 *
 * @example
 * ```ts
 * const token = new RotatingSecret("gateway-token", { source: { type: "password", length: 40 }, generation: 1 });
 * token.current.value; // a secret output
 * ```
 */
export class RotatingSecret extends pulumi.ComponentResource {
  readonly current: SecretValue;
  readonly previous: SecretValue;

  constructor(name: string, args: RotatingSecretArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:secrets:RotatingSecret", name, {}, opts);
    const minted = new Map<Slot, SecretValue>();
    for (const slot of SLOTS) {
      const generation = slotGeneration(slot, args.generation);
      if (generation === 0) continue;
      // Only the trigger knows of the generation: nothing else about the resource tells it apart from the one before.
      const within = { parent: this, replacementTrigger: generation };
      minted.set(slot, mint(`${name}-${slot}`, args.source, args.authority?.current, within));
    }
    const { current, previous } = slotsAt(args.generation);
    this.current = minted.get(current) ?? {};
    this.previous = minted.get(previous) ?? {};
    this.registerOutputs({
      generation: args.generation,
      ...(args.rotated !== undefined && { rotated: args.rotated }),
    });
  }
}
