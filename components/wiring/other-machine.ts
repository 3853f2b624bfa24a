import type { OtherMachine } from "../network/other-machine.ts";
import type { Endpoint } from "./blueprint.ts";

/** A service that is offered to another machine, on the address that `garrison:publish.address` says. */
export interface Offer {
  readonly service: Endpoint;
  readonly to: OtherMachine;
  readonly why: string;
}

/**
 * Names another machine of the estate.
 *
 * @example
 * ```ts
 * const models = otherMachine("models", { owner: "platform", expires: "2027-06-30" });
 * const vllm = remote(models, "openai", 8000);
 * ```
 */
export function otherMachine(name: string, waiver: Pick<OtherMachine, "owner" | "expires">): OtherMachine {
  return { name, ...waiver };
}

/**
 * A handle of what another machine answers with. Who takes it begins connections to that machine's address and this port
 * alone; it knows the machine by its name, or by the one in its certificate. `has` says whether the settings know where it
 * is.
 *
 * @param port TCP, from 1 to 65535
 *
 * @example
 * ```ts
 * const models = otherMachine("models", { owner: "platform", expires: "2027-06-30" });
 * const vllm = remote(models, "openai", 8000);
 * const chat = define("chat", {
 *   uses: { models: { to: vllm, why: "people ask a model" } },
 *   facts: () => facts,
 *   files: (self) => ({
 *     "/etc/chat/models.json": JSON.stringify(self.has("models") ? [self.use("models").url] : []),
 *   }),
 * });
 * ```
 */
export function remote<const Speaks extends string>(
  machine: OtherMachine,
  speaks: Speaks,
  port: number,
): Endpoint<Speaks> {
  return { name: machine.name, blueprint: elsewhere, speaks, port, machine };
}

/**
 * Offers a service to another machine: it may ask the service's port, and nobody else of the network may.
 *
 * @example
 * ```ts
 * const web = otherMachine("web", { owner: "platform", expires: "2027-06-30" });
 * const finder = machine("finder", {
 *   numbers: "finder.numbers.json",
 *   services: [search, cache, out],
 *   offers: [offer(search, web, "its pages have a search box")],
 * });
 * ```
 */
export function offer(service: Endpoint, to: OtherMachine, why: string): Offer {
  return { service, to, why };
}

/** Of a handle whose program is none of this machine's containers. */
const elsewhere: Endpoint["blueprint"] = {
  uses: {},
  facts: () => {
    throw new Error("a handle of another machine is no service of this one");
  },
};
