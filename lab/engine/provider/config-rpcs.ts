/** The calls about the provider itself: its configuration. */
import { fromStruct, openSecrets, sealSecrets, toStruct, type Properties } from "@garrison/helpers/pulumi/values.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { checkProperties, type CheckFailure } from "./check.ts";
import type { ProviderDefinition } from "./definition.ts";
import { differences, pathText } from "./diff.ts";
import type { PropertySchema } from "./schema.ts";

/** What the engine adds to every provider's configuration. */
const engineKeys = new Set(["version", "pluginDownloadURL"]);

export function checkConfig<S>(plugin: ProviderDefinition<S>, request: messages.CheckRequest): messages.CheckResponse {
  const { plain, secrets } = openSecrets(fromStruct(request.getNews()));
  const config = decodeConfig(plugin, plain);
  const failures = [
    ...checkProperties(
      {
        schema: plugin.schema,
        label: `${plugin.name}.Provider`,
        properties: plugin.schema.providerInputs,
        required: [],
        ...(plugin.unsupportedConfig ? { unsupported: plugin.unsupportedConfig } : {}),
      },
      config,
    ),
    ...(plugin.checkConfig?.(config) ?? []),
  ];
  const response = new messages.CheckResponse();
  response.setInputs(toStruct(sealSecrets(plain, secrets)));
  response.setFailuresList(toFailures(failures));
  return response;
}

/** A change of configuration is never a reason to make the resources anew. */
export function diffConfig(request: messages.DiffRequest): messages.DiffResponse {
  const before = openSecrets(fromStruct(request.getOldInputs() ?? request.getOlds())).plain;
  const after = openSecrets(fromStruct(request.getNews())).plain;
  const changed = differences(before, after).filter(({ path }) => !engineKeys.has(String(path[0])));
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(changed.map(({ path }) => pathText(path)));
  return response;
}

/** The configuration without the engine's own keys; bridged SDKs send everything but texts as JSON text. */
export function decodeConfig<S>(plugin: ProviderDefinition<S>, config: Properties): Properties {
  const entries = Object.entries(config).filter(([name]) => !engineKeys.has(name) && !name.startsWith("__"));
  return Object.fromEntries(entries.map(([name, value]) => [name, decode(plugin.schema.providerInputs[name], value)]));
}

function decode(property: PropertySchema | undefined, value: unknown): unknown {
  if (typeof value !== "string" || property === undefined || property.type === "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export function toFailures(failures: readonly CheckFailure[]): messages.CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}
