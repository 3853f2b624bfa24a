import { createHash } from "node:crypto";
import type { FileContext } from "#components/files/service-files.ts";
import { planNetworks } from "#components/network/plan-networks.ts";
import { fillIn } from "#components/secrets/reference.ts";
import type { SecretReference } from "#components/secrets/reference.ts";
import { office } from "#stacks/office.ts";
import { settings } from "../unit/components/machine/example.ts";
import type { WithParts } from "../unit/components/machine/example.ts";

/** The office machine as its services' files see it. */
export function officeContext(changes: Partial<WithParts> = {}): FileContext & { readonly settings: WithParts } {
  const own = { ...settings, ...changes };
  const { networks, problems } = planNetworks(office.networks, office.services, own.estate, own.network);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { settings: own, networks, flows: office.flows, allowed: office.allowed };
}

/** The files of one service as the machine plans them, references and all. */
export function filesOf(name: string, context: FileContext = officeContext()): Readonly<Record<string, string>> {
  const service = office.services.find((one) => one.name === name);
  if (service?.files === undefined) throw new Error(`${name} has no files`);
  return service.files(context);
}

/** The same file as it reaches the host, with a made-up value for every secret. */
export function delivered(text: string, valueOf: (reference: SecretReference) => string = madeUp): string {
  return fillIn(text, (reference) => {
    const value = valueOf(reference);
    if (reference.as === "json") return JSON.stringify(value);
    return reference.as === "sha256" ? createHash("sha256").update(value).digest("hex") : value;
  });
}

/** Letters and digits, another value for every secret and slot. */
export function madeUp({ name, slot }: Pick<SecretReference, "name" | "slot">): string {
  return createHash("sha256").update(`${name} ${slot}`).digest("hex").slice(0, 40);
}
