import type { Endpoint, Service } from "./blueprint.ts";

/** A handle that is passed on before its service is made. */
export type Later<Handle extends Endpoint> = Handle & {
  /** Says which service it is; once. */
  readonly is: (handle: Handle) => void;
};

/**
 * A handle for two services that know each other: one of them is passed on before it is made, and bound afterwards. One that
 * is never bound is told with the rest of the machine. Where each of the two would wait for the other to start, because both
 * log in, one says `start: "any"`.
 *
 * @param name for the report about one that was never bound
 *
 * @example
 * ```ts
 * const page = later<Endpoint<"page">>("page");
 * const notifier = define("notifier", {
 *   uses: { page: { to: page, why: "it says when it is done", configuredBy: "a person, in its settings" } },
 *   serves: { speaks: "notifier", port: 8080 },
 *   facts: () => facts,
 * });
 * page.is(
 *   define("page", {
 *     uses: { notifier: { to: notifier, why: "it has people told", configuredBy: "a person, in its settings" } },
 *     serves: { speaks: "page", port: 8080 },
 *     facts: () => facts,
 *   }),
 * );
 * ```
 */
export function later<Handle extends Endpoint>(name: string): Later<Handle> {
  let bound: Handle | undefined;
  const known = (property: string | symbol): unknown => {
    if (property === "is") return (handle: Handle) => (bound = handle);
    if (property === UNBOUND) return bound === undefined;
    if (bound !== undefined) return Reflect.get(bound, property);
    return property === "name" ? name : undefined;
  };
  return new Proxy({} as Later<Handle>, {
    get: (_, property) => known(property),
    has: (_, property) => bound !== undefined && Reflect.has(bound, property),
  });
}

const UNBOUND = Symbol("unbound");

/** Whether a handle was promised and never bound. */
export function isUnbound(handle: Service): boolean {
  return Reflect.get(handle, UNBOUND) === true;
}
