import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretValue } from "./mint.ts";
import type { PlannedSecret } from "./plan-secrets.ts";
import { RotatingSecret } from "./rotating-secret.ts";

/** The values of a secret that are valid. */
export interface SecretValues {
  readonly current: SecretValue;
  readonly previous: SecretValue;
}

/** Declares a machine's secrets and returns their values by name. */
export function machineSecrets(
  machine: string,
  planned: readonly PlannedSecret[],
  opts: pulumi.CustomResourceOptions,
): ReadonlyMap<string, SecretValues> {
  const rotating = new Map<string, RotatingSecret>();
  const rotate = ({ name, source, generation, rotated }: PlannedSecret): RotatingSecret => {
    if (source.type === "external") throw new Error(`${name}: somebody else rotates it`);
    const signer = source.type === "certificate" ? rotating.get(source.authority) : undefined;
    const secret = new RotatingSecret(
      `${machine}-secret-${name}`,
      { source, generation, ...(rotated !== undefined && { rotated }), ...(signer && { authority: signer }) },
      opts,
    );
    rotating.set(name, secret);
    return secret;
  };
  // Authorities first: certificates need them.
  const order = [...planned].sort(
    (a, b) => Number(b.source.type === "authority") - Number(a.source.type === "authority"),
  );
  return new Map(
    order.map((secret) => [
      secret.name,
      secret.source.type === "external"
        ? external(`${machine}-secret-${secret.name}`, secret.source.setting, secret.value, opts)
        : rotate(secret),
    ]),
  );
}

/** There is one value: who issued it says for how long it is valid. */
function external(
  name: string,
  setting: string,
  value: PlannedSecret["value"],
  opts: pulumi.CustomResourceOptions,
): SecretValues {
  const output =
    value === "stand-in"
      ? pulumi.interpolate`lab-stand-in-${new random.RandomPassword(name, { length: 24, special: false }, opts).result}`
      : new pulumi.Config("garrison").requireSecret(setting);
  const only = { value: pulumi.secret(output) };
  return { current: only, previous: only };
}
