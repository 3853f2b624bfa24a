import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { idKey, isWithin } from "./ids.ts";

/** What a run has shown of its program so far: rules that concern two resources are judged before there is one. */
export class Plan {
  readonly #seen = new Map<string, Planned>();
  readonly #known = new Set<string>();

  /** @param known whether the engine's state has it already */
  add(id: string, token: string, inputs: Properties, known: boolean): void {
    this.#seen.set(idKey(id), { id, token, inputs });
    if (known) this.#known.add(idKey(id));
  }

  find(id: string): Planned | undefined {
    return this.#seen.get(idKey(id));
  }

  /** The planned parts of a resource of one type, without the one with the id `except`. */
  parts(of: string, token: string, except: string): readonly Planned[] {
    return [...this.#seen.values()].filter(
      (planned) =>
        planned.token === token && isWithin(idKey(planned.id), idKey(of)) && idKey(planned.id) !== idKey(except),
    );
  }

  /** Whether the engine had it in its state when the run began. */
  wasKnown(id: string): boolean {
    return this.#known.has(idKey(id));
  }
}

interface Planned {
  readonly id: string;
  readonly token: string;
  readonly inputs: Properties;
}
