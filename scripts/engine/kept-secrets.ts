import type { StateResource } from "./state.ts";

const secretType = "garrison:secrets:RotatingSecret";

/**
 * The secrets of a state with everything that they are made of. `down` keeps the data volumes, and data that was begun
 * with one password is of no use with another. The engine keeps by itself what these need: parents and providers.
 */
export function keptSecrets(state: { readonly resources: readonly Pick<StateResource, "urn" | "type">[] }): string[] {
  return state.resources.flatMap(({ urn, type }) =>
    type === secretType || urn.split("::")[2]?.split("$").includes(secretType) === true ? [urn] : [],
  );
}
