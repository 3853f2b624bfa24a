import type { Problem } from "../lib/problems.ts";
import type { Settings } from "../settings/base.ts";
import { switchedOff } from "./absence-problems.ts";
import type { Secret, Service } from "./blueprint.ts";
import type { Looks } from "./rendering.ts";

/**
 * A handle of one of a service's own secrets. Whoever takes it reads the value from a file of its own; there is no flow and
 * no network between the two. A kind hands out as many as it has.
 *
 * @param secret its name among the `secrets` of the service
 *
 * @example
 * ```ts
 * const api = define("api", {
 *   uses: {},
 *   secrets: { jwt: { why: "signs what the API hands out", source: { type: "bytes", length: 32 } } },
 *   facts: () => facts,
 *   files: (self) => ({ "/etc/api/jwt": self.own("jwt") }),
 * });
 * const documents = define("documents", {
 *   uses: {},
 *   takes: { jwt: { from: secretOf(api, "jwt"), why: "it looks at who the API says is asking" } },
 *   facts: () => facts,
 *   files: (self) => ({ "/etc/documents/jwt": self.taken("jwt") }),
 * });
 * ```
 */
export function secretOf(service: Service, secret: string): Secret {
  return { of: service, secret };
}

/**
 * Secrets that a service takes: of somebody who is not there or is switched off, that there are not, or that nothing of its
 * files holds.
 *
 * @param there those of the services that are not switched off
 */
export function handedProblems(
  there: readonly Service[],
  services: readonly Service[],
  looks: Looks,
  settings: Pick<Settings, "services">,
): Problem[] {
  return there.flatMap(({ name, blueprint }) =>
    Object.entries(blueprint.takes ?? {}).flatMap(([wire, taken]): Problem[] => {
      if (taken === undefined) return [];
      const { of, secret } = taken.from;
      const property = `services.${name}.takes.${wire}`;
      // A kind may hand out more with its handle, so that it is another object with the same blueprint.
      if (!services.some((one) => one.blueprint === of.blueprint))
        return [
          {
            property,
            found: `a secret of ${of.name}, which is not on the machine`,
            expected: "one of a service of the machine",
          },
        ];
      const known = Object.keys(of.blueprint.secrets ?? {});
      if (!known.includes(secret))
        return [
          {
            property,
            found: `the secret ${secret} of ${of.name}`,
            expected: known.length === 0 ? `none: ${of.name} has no secret` : `one of ${known.join(", ")}`,
          },
        ];
      if (!there.some((one) => one.blueprint === of.blueprint)) return [switchedOff(property, of.name, name, settings)];
      if (looks(name, wire, "taken")) return [];
      const found = `the secret ${secret} of ${of.name}, which no file of ${name} holds`;
      return [{ property, found, expected: "no such handle: nothing is declared that is not so" }];
    }),
  );
}
