/** The inputs of the docker resources as plain values, derived from the SDK's own types. */
import type { Container, Network, Provider, RemoteImage, Volume } from "@pulumi/docker";
import type { Output } from "@pulumi/pulumi";

/** A resource's properties without the Output wrappers; every one may be missing. */
type Plain<Resource> = {
  readonly [Name in keyof Resource as Resource[Name] extends Output<unknown> ? Name : never]?:
    Unwrapped<Resource[Name]> | undefined;
};
type Unwrapped<Property> = Property extends Output<infer Value> ? Value : never;

/** The SDK's outputs promise an external port; among the inputs it may be left to the daemon. */
export interface Port {
  readonly internal: number;
  readonly external?: number;
  readonly ip?: string;
  readonly protocol?: string;
}

export type ContainerInputs = Plain<Omit<Container, "id" | "urn" | "ports">> & {
  readonly image: string;
  readonly name: string;
  readonly ports?: readonly Port[];
};
export type NetworkInputs = Plain<Omit<Network, "id" | "urn">> & { readonly name: string };
export type VolumeInputs = Plain<Omit<Volume, "id" | "urn">> & { readonly name: string };
export type RemoteImageInputs = Plain<Omit<RemoteImage, "id" | "urn">> & { readonly name: string };

export interface RegistryAuth {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
  readonly authDisabled?: boolean;
}

export type DockerConfig = Plain<Omit<Provider, "id" | "urn">> & {
  readonly sshOpts?: readonly string[];
  readonly registryAuth?: readonly RegistryAuth[];
};

type Item<List> = NonNullable<List> extends readonly (infer Value)[] ? Value : never;

export type Healthcheck = NonNullable<ContainerInputs["healthcheck"]>;
export type Mount = Item<ContainerInputs["mounts"]>;
export type VolumeUse = Item<ContainerInputs["volumes"]>;
export type NetworkUse = Item<ContainerInputs["networksAdvanced"]>;
export type Upload = Item<ContainerInputs["uploads"]>;

type Labels = readonly { readonly label: string; readonly value: string }[];

export function labelMap(labels: Labels | undefined): Record<string, string> {
  return Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value]));
}

export function labelList(labels: Readonly<Record<string, string>> | undefined): Labels {
  return Object.entries(labels ?? {}).map(([label, value]) => ({ label, value }));
}

/** Docker's bodies must not name what is not set: an explicit nothing overrides the image's own. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
