/** The calls about resources, from the engine's messages to a plugin's typed hooks and back. */
import {
  fromStruct,
  openSecrets,
  sealSecrets,
  toStruct,
  unknownValue,
  type Properties,
  type ValuePath,
} from "@garrison/helpers/pulumi/values.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { autoname } from "./autoname.ts";
import { checkProperties, schemaDefaults, type CheckFailure } from "./check.ts";
import { toFailures } from "./config-rpcs.ts";
import { typeLabel, type Context, type ProviderDefinition, type ResourceDefinition } from "./definition.ts";
import { diffResponse } from "./diff-response.ts";
import { InitFailed } from "./errors.ts";
import { marker, markerKey, requireMarker } from "./marker.ts";
import { computedProperties, secretPaths, type ResourceSchema } from "./schema.ts";

/** A failed initialisation whose outputs are ready to be sent. */
export class SealedInitFailed extends InitFailed {}

interface ResourceType<S> {
  readonly token: string;
  readonly definition: ResourceDefinition<S>;
  readonly schema: ResourceSchema;
}

function resourceType<S>(plugin: ProviderDefinition<S>, urn: string): ResourceType<S> {
  // urn:pulumi:stack::project::parent$type::name
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const definition = plugin.resources[token];
  const schema = plugin.schema.resources[token];
  if (definition && schema) return { token, definition, schema };
  const known = Object.keys(plugin.resources).map(typeLabel).join(", ");
  throw new Error(`${typeLabel(token)} is not implemented by the lab plugin; it has: ${known}`);
}

export function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function check<S>(plugin: ProviderDefinition<S>, request: messages.CheckRequest): messages.CheckResponse {
  const { token, definition, schema } = resourceType(plugin, request.getUrn());
  const old = openSecrets(fromStruct(request.getOlds())).plain;
  const { plain: inputs, secrets } = openSecrets(fromStruct(request.getNews()));
  const defaults = schemaDefaults(schema, inputs);
  const named = definition.nameProperty;
  if (named !== undefined && inputs[named] === undefined) {
    const keep = isDefault(old, named) ? old[named] : undefined;
    defaults[named] = keep ?? autoname(request, logicalName(request.getUrn()), definition.makeName);
  }
  Object.assign(inputs, defaults);
  if (Object.keys(defaults).length > 0) inputs.__defaults = Object.keys(defaults);
  const failures = checkProperties(
    {
      schema: plugin.schema,
      label: typeLabel(token),
      properties: schema.inputs,
      required: schema.requiredInputs,
      ...(definition.unsupported ? { unsupported: definition.unsupported } : {}),
    },
    inputs,
  );
  // A plugin's own rules may rely on the types being right.
  if (failures.length === 0) failures.push(...(definition.check?.(inputs, old) ?? []));
  const response = new messages.CheckResponse();
  const sealed = [...secrets, ...secretPaths(plugin.schema, schema.inputs, inputs)];
  response.setInputs(toStruct(sealSecrets(inputs, sealed)));
  response.setFailuresList(toFailures(withoutSecretValues(failures, sealed)));
  return response;
}

/** The engine shows the value of the property that a failure names, secret or not; the reason names it as well. */
function withoutSecretValues(failures: readonly CheckFailure[], secrets: readonly ValuePath[]): CheckFailure[] {
  const hidden = new Set(secrets.map(([name]) => String(name)));
  return failures.map((failure) => {
    const [name = ""] = failure.property.split(/[.[]/);
    return hidden.has(name) ? { ...failure, property: "" } : failure;
  });
}

/** Whether a property was filled in by Check, and not written by the program. */
export function isDefault(inputs: Properties, name: string): boolean {
  return Array.isArray(inputs.__defaults) && inputs.__defaults.includes(name);
}

export function diff<S>(plugin: ProviderDefinition<S>, request: messages.DiffRequest): messages.DiffResponse {
  const type = resourceType(plugin, request.getUrn());
  const state = openSecrets(fromStruct(request.getOlds())).plain;
  requireMarker(plugin, request.getUrn(), state);
  const given = request.hasOldInputs() ? openSecrets(fromStruct(request.getOldInputs())).plain : state;
  const read = (type.definition.readBack ?? []).filter((name) => name in given && name in state);
  const before = { ...given, ...Object.fromEntries(read.map((name) => [name, state[name]])) };
  const after = openSecrets(fromStruct(request.getNews())).plain;
  return diffResponse(plugin.schema, type, { before, after, state });
}

export async function create<S>(
  plugin: ProviderDefinition<S>,
  request: messages.CreateRequest,
  context: (secrets: readonly ValuePath[]) => Context<S>,
): Promise<messages.CreateResponse> {
  const type = resourceType(plugin, request.getUrn());
  const { plain: inputs, secrets } = openSecrets(fromStruct(request.getProperties()));
  const response = new messages.CreateResponse();
  if (request.getPreview()) {
    const known = { ...inputs, ...type.definition.previewCreate?.(inputs) };
    const unknown = computedProperties(type.schema).filter((name) => !(name in known));
    const outputs = { ...known, ...Object.fromEntries(unknown.map((name) => [name, unknownValue])) };
    response.setProperties(toStruct(sealOutputs(plugin, type, outputs, secrets)));
    return response;
  }
  const seal = (outputs: Properties) => sealOutputs(plugin, type, { ...inputs, ...outputs }, secrets);
  const created = await sealingFailures(type.definition.create(inputs, context(secrets)), seal);
  response.setId(created.id);
  response.setProperties(toStruct(seal(created.outputs)));
  return response;
}

export async function read<S>(
  plugin: ProviderDefinition<S>,
  request: messages.ReadRequest,
  context: (secrets: readonly ValuePath[]) => Context<S>,
): Promise<messages.ReadResponse> {
  const type = resourceType(plugin, request.getUrn());
  const old = openSecrets(fromStruct(request.getProperties()));
  const oldInputs = openSecrets(fromStruct(request.getInputs()));
  // Imports and lookups bring no inputs: there is no state yet that somebody could have written.
  if (Object.keys(oldInputs.plain).length > 0) requireMarker(plugin, request.getUrn(), old.plain);
  const secrets = [...old.secrets, ...oldInputs.secrets];
  const taken = { outputs: old.plain, inputs: oldInputs.plain };
  if (!type.definition.read && !(markerKey in old.plain)) {
    throw new Error(`${typeLabel(type.token)} cannot be imported: there is nothing to read it from`);
  }
  const found = type.definition.read
    ? await type.definition.read(request.getId(), taken, context(secrets))
    : { outputs: {}, inputs: oldInputs.plain };
  const response = new messages.ReadResponse();
  if (!found) return response; // an empty id means that it is gone
  response.setId(found.id ?? request.getId());
  const outputs = { ...withoutRemoved(old.plain, oldInputs.plain, found.inputs, type), ...found.inputs };
  response.setProperties(toStruct(sealOutputs(plugin, type, { ...outputs, ...found.outputs }, secrets)));
  const sealed = [...oldInputs.secrets, ...secretPaths(plugin.schema, type.schema.inputs, found.inputs)];
  response.setInputs(toStruct(sealSecrets(found.inputs, sealed)));
  return response;
}

export async function update<S>(
  plugin: ProviderDefinition<S>,
  request: messages.UpdateRequest,
  context: (secrets: readonly ValuePath[]) => Context<S>,
): Promise<messages.UpdateResponse> {
  const type = resourceType(plugin, request.getUrn());
  const oldOutputs = openSecrets(fromStruct(request.getOlds())).plain;
  requireMarker(plugin, request.getUrn(), oldOutputs);
  const oldInputs = openSecrets(fromStruct(request.getOldInputs())).plain;
  const { plain: inputs, secrets } = openSecrets(fromStruct(request.getNews()));
  const base = { ...withoutRemoved(oldOutputs, oldInputs, inputs, type), ...inputs };
  const seal = (outputs: Properties) => sealOutputs(plugin, type, { ...base, ...outputs }, secrets);
  const response = new messages.UpdateResponse();
  type.definition.refuseUpdate?.({ oldInputs, inputs });
  if (request.getPreview()) {
    const changed = new Set(Object.keys(inputs).filter((name) => inputs[name] !== oldInputs[name]));
    const unknown = type.definition.unknownOnUpdate?.(changed) ?? [];
    response.setProperties(toStruct(seal(Object.fromEntries(unknown.map((name) => [name, unknownValue])))));
    return response;
  }
  const changes = { oldOutputs, oldInputs, inputs };
  const work = type.definition.update?.(request.getId(), changes, context(secrets)) ?? Promise.resolve({});
  response.setProperties(toStruct(seal(await sealingFailures(work, seal))));
  return response;
}

export async function remove<S>(
  plugin: ProviderDefinition<S>,
  request: messages.DeleteRequest,
  context: (secrets: readonly ValuePath[]) => Context<S>,
): Promise<void> {
  const { definition } = resourceType(plugin, request.getUrn());
  const outputs = openSecrets(fromStruct(request.getProperties()));
  requireMarker(plugin, request.getUrn(), outputs.plain);
  const inputs = openSecrets(fromStruct(request.getOldInputs())).plain;
  await definition.delete?.(request.getId(), { outputs: outputs.plain, inputs }, context(outputs.secrets));
}

/** The old outputs without the inputs that are no longer set, unless the provider fills those in itself. */
function withoutRemoved<S>(
  outputs: Properties,
  oldInputs: Properties,
  inputs: Properties,
  { schema }: ResourceType<S>,
): Properties {
  const computed = new Set(computedProperties(schema));
  const removed = (name: string) => name in oldInputs && !(name in inputs) && !computed.has(name);
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !removed(name)));
}

function sealOutputs<S>(
  plugin: ProviderDefinition<S>,
  type: ResourceType<S>,
  outputs: Properties,
  secrets: readonly ValuePath[],
): Properties {
  const properties = { ...type.schema.inputs, ...type.schema.outputs };
  const paths = [...secrets, ...secretPaths(plugin.schema, properties, outputs)];
  // Which inputs were defaults is a matter of the inputs alone.
  return sealSecrets({ ...outputs, ...marker(plugin), __defaults: undefined }, paths);
}

async function sealingFailures<T>(work: Promise<T>, seal: (outputs: Properties) => Properties): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InitFailed) throw new SealedInitFailed(error.id, seal(error.outputs), error.message);
    throw error;
  }
}
