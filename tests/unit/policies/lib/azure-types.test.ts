import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { azureProperties } from "#policies/lib/azure-properties.ts";

/** As far as it is read here. */
interface Property {
  readonly $ref?: string;
  readonly items?: Property;
}
type Properties = Readonly<Record<string, Property>>;
interface Schema {
  readonly resources: Readonly<Record<string, { readonly inputs: Properties }>>;
  readonly types: Readonly<Record<string, { readonly properties?: Properties }>>;
}

/** Made from the declarations of the installed SDK. */
const schema = JSON.parse(readFileSync(join(checkout, "lab/engine/schemas/azure-native.json"), "utf8")) as Schema;

function isDeclared(token: string, path: string): boolean {
  let members = schema.resources[token]?.inputs;
  let found: Property | undefined;
  for (const key of path.split(".")) {
    found = members?.[key];
    members = schema.types[(found?.items ?? found)?.$ref?.replace("#/types/", "") ?? ""]?.properties;
  }
  return found !== undefined;
}

test("the properties that the policies judge are declared by the SDK", () => {
  const judged = Object.entries(azureProperties).filter(([token]) => token in schema.resources);
  expect(judged.length).toBeGreaterThan(10);
  const unknown = judged.flatMap(([token, paths]) =>
    paths.flatMap((path) => (isDeclared(token, path) ? [] : [`${token} ${path}`])),
  );
  expect(unknown).toEqual([]);
  expect(isDeclared("azure-native:network:Subnet", "addressPrefix.no")).toBe(false);
});
