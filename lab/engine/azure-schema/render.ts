import ts from "typescript";
import type { PropertySchema, ProviderSchema, ResourceSchema, TypeSchema } from "../provider/schema.ts";
import {
  enumerations,
  literal,
  nestedInputs,
  packageVersion,
  providerInputs,
  resourceDeclaration,
} from "./declarations.ts";
import type { Member } from "./declarations.ts";
import { openEnums, secretInputs, supportedTypes } from "./supported.ts";

/** A resource of the simulated Azure; it knows the version of the API that the official plugin would speak. */
interface AzureResourceSchema extends ResourceSchema {
  readonly apiVersion: string;
}

let rendered: string | undefined;

/**
 * The schema of the Azure types that the lab has, written to `lab/engine/schemas/azure-native.json`. There is none to take
 * it from without the official plugin, so it is read from the declarations of the installed package.
 */
export function azureSchema(): string {
  rendered ??= `${JSON.stringify(readSchema(), undefined, 1)}\n`;
  return rendered;
}

function readSchema(): ProviderSchema {
  const nested = new Nested();
  const resources: Record<string, AzureResourceSchema> = {};
  for (const [module, types] of Object.entries(supportedTypes)) {
    for (const type of types) resources[`azure-native:${module}:${type}`] = resourceSchema(nested, module, type);
  }
  return {
    provider: "azure-native",
    version: packageVersion(),
    providerInputs: properties(nested, "", providerInputs()),
    resources,
    types: nested.types(),
  };
}

function resourceSchema(nested: Nested, module: string, type: string): AzureResourceSchema {
  const { apiVersion, inputs, outputs } = resourceDeclaration(module, type);
  const accepted = properties(nested, `${module}.${type}`, inputs);
  const given = outputs.map(({ name }): [string, PropertySchema] => [name, accepted[name] ?? {}]);
  return {
    apiVersion,
    inputs: accepted,
    requiredInputs: required(inputs),
    outputs: Object.fromEntries(given),
    required: required(outputs),
  };
}

function properties(nested: Nested, owner: string, members: readonly Member[]): Record<string, PropertySchema> {
  return Object.fromEntries(
    members.map(({ name, type }) => {
      const property = nested.property(type);
      return [name, secretInputs.has(`${owner}.${name}`) ? { ...property, secret: true } : property];
    }),
  );
}

function required(members: readonly Member[]): string[] {
  return members.filter(({ optional }) => !optional).map(({ name }) => name);
}

/** The nested types that were come across, each read once. */
class Nested {
  readonly #types = new Map<string, TypeSchema>();
  readonly #inputs = new Map<string, ReturnType<typeof nestedInputs>>();
  readonly #enums = new Map<string, ReturnType<typeof enumerations>>();

  types(): Record<string, TypeSchema> {
    return Object.fromEntries([...this.#types].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  property(type: ts.TypeNode): PropertySchema {
    const known = alternatives(type);
    const [only, ...others] = known;
    if (only === undefined) return {};
    if (others.length > 0) return this.#oneOf(known);
    switch (only.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string" };
      case ts.SyntaxKind.NumberKeyword:
        return { type: "number" };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
      case ts.SyntaxKind.AnyKeyword:
        return { $ref: "pulumi.json#/Any" };
    }
    if (ts.isArrayTypeNode(only)) return { type: "array", items: this.property(only.elementType) };
    if (ts.isTypeReferenceNode(only)) return { $ref: this.#reference(only.typeName) };
    if (ts.isLiteralTypeNode(only)) return { $ref: this.#constant(only) };
    const index = ts.isTypeLiteralNode(only) ? only.members.find(ts.isIndexSignatureDeclaration) : undefined;
    if (index) return { type: "object", additionalProperties: this.property(index.type) };
    throw new Error(`a declaration of the kind ${ts.SyntaxKind[only.kind]} is not understood`);
  }

  /** A text beside an enumeration says that Azure may add to it; what is in it today is all that is known to work. */
  #oneOf(known: readonly ts.TypeNode[]): PropertySchema {
    const enumerated = known.filter((node) => ts.isTypeReferenceNode(node) && qualified(node.typeName)[0] === "enums");
    const closed = enumerated.find(
      (node) => ts.isTypeReferenceNode(node) && !openEnums.has(qualified(node.typeName).slice(1).join(".")),
    );
    if (closed) return this.property(closed);
    if (enumerated.length > 0) return { type: "string" };
    return { oneOf: known.map((node) => this.property(node)) };
  }

  #reference(name: ts.EntityName): string {
    const [kind = "", module = "", type = ""] = qualified(name);
    const token = `azure-native:${module}:${kind === "inputs" ? type.replace(/Args$/, "") : type}`;
    if (this.#types.has(token)) return `#/types/${token}`;
    if (kind === "enums") {
      const values = of(this.#enums, module, enumerations).get(type) ?? [];
      this.#types.set(token, { type: "string", enum: values.map((value) => ({ value })) });
    } else {
      const members = of(this.#inputs, module, nestedInputs).get(type);
      if (!members) throw new Error(`${module}.${type} is not declared`);
      // Before its members are read: types refer to themselves.
      this.#types.set(token, {});
      const own = properties(this, `${module}.${type.replace(/Args$/, "")}`, members);
      this.#types.set(token, { type: "object", properties: own, required: required(members) });
    }
    return `#/types/${token}`;
  }

  #constant(type: ts.LiteralTypeNode): string {
    const value = literal(type);
    const token = `azure-native::${String(value)}`;
    this.#types.set(token, { type: "string", enum: [{ value }] });
    return `#/types/${token}`;
  }
}

/** What is left of `pulumi.Input<A | B | undefined>`: A and B. */
function alternatives(type: ts.TypeNode): readonly ts.TypeNode[] {
  if (type.kind === ts.SyntaxKind.UndefinedKeyword) return [];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(alternatives);
  const wrapper = ts.isTypeReferenceNode(type) ? qualified(type.typeName).join(".") : "";
  if (ts.isTypeReferenceNode(type) && wrapper === "pulumi.Input")
    return (type.typeArguments ?? []).flatMap(alternatives);
  return [type];
}

function qualified(name: ts.EntityName): string[] {
  return ts.isIdentifier(name) ? [name.text] : [...qualified(name.left), name.right.text];
}

function of<Value>(cache: Map<string, Value>, module: string, read: (module: string) => Value): Value {
  const known = cache.get(module) ?? read(module);
  cache.set(module, known);
  return known;
}
