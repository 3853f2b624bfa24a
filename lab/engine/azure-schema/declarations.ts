/** Reads the declarations of the installed @pulumi/azure-native with the TypeScript parser. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import ts from "typescript";

const directory = dirname(createRequire(import.meta.url).resolve("@pulumi/azure-native/package.json"));

export interface Member {
  readonly name: string;
  readonly type: ts.TypeNode;
  /** It may be left out, or the declaration says that it may be undefined. */
  readonly optional: boolean;
}

interface ResourceDeclaration {
  /** `2024-05-01`, as the package's own documentation names it. */
  readonly apiVersion: string;
  readonly inputs: readonly Member[];
  readonly outputs: readonly Member[];
}

export function packageVersion(): string {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  return version;
}

export function resourceDeclaration(module: string, type: string): ResourceDeclaration {
  const text = read(`${module}/${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`);
  const statements = parse(text).statements;
  const inputs = statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === `${type}Args`);
  const outputs = statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === type);
  if (!inputs || !ts.isInterfaceDeclaration(inputs) || !outputs || !ts.isClassDeclaration(outputs)) {
    throw new Error(`${module}.${type} is not declared as it was in the version that this was written for`);
  }
  return {
    apiVersion: /Uses Azure REST API version ([\w-]+)/.exec(text)?.[1] ?? "",
    inputs: members(inputs.members),
    outputs: members(outputs.members),
  };
}

export function providerInputs(): readonly Member[] {
  const inputs = parse(read("provider.d.ts")).statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === "ProviderArgs",
  );
  return inputs && ts.isInterfaceDeclaration(inputs) ? members(inputs.members) : [];
}

/** The nested input types of a module, by name: `SubnetArgs`. */
export function nestedInputs(module: string): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, readonly Member[]>();
  for (const node of parse(namespaceText(read("types/input.d.ts"), module)).statements) {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, members(node.members));
  }
  return found;
}

/** The values of a module's enumerations, by name. */
export function enumerations(module: string): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, readonly unknown[]>();
  for (const node of parse(read(`types/enums/${module}/index.d.ts`)).statements) {
    if (!ts.isVariableStatement(node)) continue;
    for (const { name, type } of node.declarationList.declarations) {
      if (!ts.isIdentifier(name) || !type || !ts.isTypeLiteralNode(type)) continue;
      found.set(
        name.text,
        members(type.members).map(({ type: value }) => literal(value)),
      );
    }
  }
  return found;
}

/** Seven megabytes are declared in one file, of which a few namespaces are wanted. */
function namespaceText(text: string, module: string): string {
  const opening = `export declare namespace ${module} {\n`;
  const start = text.indexOf(opening);
  if (start < 0) throw new Error(`types/input.d.ts has no namespace ${module}`);
  const begin = start + opening.length;
  return text.slice(begin, text.indexOf("\n}\n", begin) + 1);
}

function members(nodes: ts.NodeArray<ts.TypeElement | ts.ClassElement>): Member[] {
  return nodes.flatMap((node) => {
    if (!ts.isPropertySignature(node) && !ts.isPropertyDeclaration(node)) return [];
    if (!node.type || node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) return [];
    const name = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : "";
    return [{ name, type: node.type, optional: node.questionToken !== undefined || mayBeUndefined(node.type) }];
  });
}

function mayBeUndefined(type: ts.TypeNode): boolean {
  if (type.kind === ts.SyntaxKind.UndefinedKeyword) return true;
  if (ts.isUnionTypeNode(type)) return type.types.some(mayBeUndefined);
  return ts.isTypeReferenceNode(type) && (type.typeArguments ?? []).some(mayBeUndefined);
}

export function literal(type: ts.TypeNode): unknown {
  if (!ts.isLiteralTypeNode(type)) throw new Error(`an enumeration has a value that is no literal`);
  if (ts.isStringLiteral(type.literal)) return type.literal.text;
  if (ts.isNumericLiteral(type.literal)) return Number(type.literal.text);
  return type.literal.kind === ts.SyntaxKind.TrueKeyword;
}

function read(file: string): string {
  return readFileSync(resolve(directory, file), "utf8");
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest, false);
}
