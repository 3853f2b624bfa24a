import { z } from "zod";

const properties = z.record(z.string(), z.unknown());

/** A resource as the engine writes it down, in a preview's JSON and in the state alike. */
const recordedSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean(),
  inputs: properties.optional(),
  outputs: properties.optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  dependencies: z.array(z.string()).optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  retainOnDelete: z.boolean().optional(),
  additionalSecretOutputs: z.array(z.string()).optional(),
});
type Recorded = z.infer<typeof recordedSchema>;
type Values = Readonly<Record<string, unknown>>;

const previewSchema = z.looseObject({ steps: z.array(z.looseObject({ newState: recordedSchema.optional() })) });

/** A resource for a program that declares without thinking. */
export interface DeclaredResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly props: Values;
  /** Properties whose values only come with the resources they are taken from. */
  readonly unknown: Readonly<Record<string, readonly string[]>>;
  /** What a component registered. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly provider?: string;
  readonly version?: string;
  readonly dependsOn: readonly string[];
  readonly retainOnDelete: boolean;
  readonly secretOutputs: readonly string[];
}

/** Key of the object that stands for a secret value in a declared graph. */
export const SECRET = "garrison:secret";

/** Every resource of a program, each after those it needs, and the outputs of its stack. */
export interface DeclaredGraph {
  readonly resources: readonly DeclaredResource[];
  readonly stackOutputs: Readonly<Record<string, unknown>>;
}

/** How the engine writes a value that is not known yet. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key by which a state marks a secret value, and what a preview writes in the place of one. */
const secretKey = "4dabf18193072939515e22adb298388d";
const hidden = "[secret]";
const stackType = "pulumi:pulumi:Stack";

/** The graph from the output of `pulumi preview --json`. */
export function graphOfPreview(text: string): DeclaredGraph {
  const { steps } = previewSchema.parse(JSON.parse(text));
  return graphOf(steps.flatMap(({ newState }) => (newState === undefined ? [] : [newState])));
}

/** The graph from the resources of a state, exported with its secrets. */
export function graphOfState(resources: readonly unknown[]): DeclaredGraph {
  return graphOf(resources.map((resource) => recordedSchema.parse(resource)));
}

function graphOf(recorded: readonly Recorded[]): DeclaredGraph {
  const declared = recorded.filter(({ type, urn }) => type !== stackType && !isDefaultProvider(urn)).map(declare);
  const stack = recorded.find(({ type }) => type === stackType);
  return { resources: inOrder(declared), stackOutputs: stack?.outputs ?? {} };
}

/** The value with every secret in a form that the floor can declare. @throws when a state was exported without them */
function withSecrets(value: unknown): unknown {
  if (value === hidden) return { [SECRET]: hidden };
  if (Array.isArray(value)) return value.map(withSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (secretKey in value) return { [SECRET]: plaintextOf(value) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item)]));
}

function plaintextOf(marked: object): unknown {
  return JSON.parse(z.object({ plaintext: z.string() }).parse(marked).plaintext);
}

function declare(recorded: Recorded): DeclaredResource {
  const { urn, type, custom, inputs = {}, outputs = {}, parent, provider, dependencies = [] } = recorded;
  const unknown = Object.fromEntries(
    Object.entries(recorded.propertyDependencies ?? {}).flatMap(([key, urns]) =>
      JSON.stringify(inputs[key] ?? null).includes(unknownValue) ? [[key, urns ?? []] as const] : [],
    ),
  );
  const isProvider = type.startsWith("pulumi:providers:");
  const version = isProvider ? inputs.version : versionOf(provider);
  return {
    urn,
    type,
    name: nameOf(urn),
    custom,
    unknown,
    props: withSecrets(
      withoutInternals(inputs, [...Object.keys(unknown), ...(isProvider ? ["version"] : [])]),
    ) as Values,
    outputs: custom ? {} : (withSecrets(outputs) as Values),
    dependsOn: dependencies,
    retainOnDelete: recorded.retainOnDelete === true,
    secretOutputs: recorded.additionalSecretOutputs ?? [],
    ...(parent !== undefined && nameTypeOf(parent) !== stackType && { parent }),
    ...(provider !== undefined && !isDefaultProvider(provider) && { provider: urnOfReference(provider) }),
    ...(typeof version === "string" && { version }),
  };
}

function withoutInternals(inputs: Readonly<Record<string, unknown>>, also: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__") && !also.includes(key)));
}

/** Each resource after its parent, its provider and what it depends on. */
function inOrder(resources: readonly DeclaredResource[]): DeclaredResource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<DeclaredResource>();
  const visit = (resource: DeclaredResource): void => {
    if (ordered.has(resource)) return;
    const needs = [
      resource.parent,
      resource.provider,
      ...resource.dependsOn,
      ...Object.values(resource.unknown).flat(),
    ];
    for (const urn of needs) {
      const needed = urn === undefined ? undefined : byUrn.get(urn);
      if (needed !== undefined) visit(needed);
    }
    ordered.add(resource);
  };
  for (const resource of resources) visit(resource);
  return [...ordered];
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The type of a URN, without the types of its parents. */
function nameTypeOf(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

function isDefaultProvider(reference: string): boolean {
  return /::pulumi:providers:[\w-]+::default(_|::|$)/.test(reference);
}

/** `<urn>::<id>` names the provider of a resource. */
function urnOfReference(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** The engine names a default provider after the version that the SDK asked for. */
function versionOf(provider: string | undefined): string | undefined {
  return /::default_(\d+)_(\d+)_(\d+)::/
    .exec(provider ?? "")
    ?.slice(1)
    .join(".");
}
