import type { AzureType } from "../core/azure-type.ts";

/** Name rules here and in the other types: Azure's "Naming rules and restrictions for Azure resources". */
export const resourceGroup: AzureType = {
  token: "azure-native:resources:ResourceGroup",
  idTemplate: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
  name: {
    pattern: /^[\w().-]{0,89}[\w()-]$/,
    expected: "1 to 90 letters, digits, underscores, hyphens, periods and parentheses, without a period at the end",
  },
  takes: ["location", "tags"],
  replaces: ["location"],
  regional: true,
};
