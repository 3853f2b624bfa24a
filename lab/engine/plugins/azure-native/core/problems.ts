import type { CheckFailure } from "#provider/check.ts";

/** Collects what is wrong with a resource, so that all of it is told at once. */
export class Problems {
  readonly failures: CheckFailure[] = [];
  readonly #label: string;

  /** @param label what the messages call the resource: `azure-native.network.Subnet` */
  constructor(label: string) {
    this.#label = label;
  }

  /**
   * @param property the property in question: `ipConfigurations[0].subnet`
   * @param found what it is
   * @param expected what it can be
   */
  add(property: string, found: string, expected: string): void {
    this.failures.push({ property, reason: `${this.#label}.${property} is ${found}; expected ${expected}` });
  }
}

/** How Azure's control plane says no. */
export class ArmError extends Error {
  /** @param code Azure's own, where it is documented */
  constructor(code: string | undefined, message: string) {
    super(code === undefined ? message : `Code="${code}" ${message}`);
    this.name = "ArmError";
  }
}
