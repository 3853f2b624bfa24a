import { loadSchema, type ProviderSchema, type ResourceSchema } from "../../../provider/schema.ts";

export interface AzureSchema extends ProviderSchema {
  readonly resources: Readonly<Record<string, AzureResourceSchema>>;
}

export interface AzureResourceSchema extends ResourceSchema {
  /** The version of Azure's API that the official plugin speaks for this type. */
  readonly apiVersion: string;
}

export const azureSchema = loadSchema("azure-native") as AzureSchema;
