import {
  loadSchema,
  referredType,
  type ProviderSchema,
  type ResourceSchema,
  type TypeSchema,
} from "#provider/schema.ts";

export interface AzureSchema extends ProviderSchema {
  readonly resources: Readonly<Record<string, AzureResourceSchema>>;
}

interface AzureResourceSchema extends ResourceSchema {
  /** The version of Azure's API that the official plugin speaks for this type. */
  readonly apiVersion: string;
}

export const azureSchema = loadSchema("azure-native") as AzureSchema;

/** The nested type at a dotted path of a resource's inputs, or of the items of a list there. */
export function declaredAt(schema: AzureSchema, token: string, path: string): TypeSchema | undefined {
  const [first = "", ...rest] = path.split(".");
  let property = schema.resources[token]?.inputs[first];
  for (const key of rest) property = referredType(schema, property?.items ?? property ?? {})?.properties?.[key];
  return referredType(schema, property?.items ?? property ?? {});
}
