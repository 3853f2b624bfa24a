/** What the pinned SDK packages accept, read from their own declarations with the TypeScript parser. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import ts from "typescript";

const packages = dirname(dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json")));

interface SdkInputs {
  readonly inputs: readonly string[];
  readonly required: readonly string[];
}

/** The arguments of a resource class, by its token: `docker:index/container:Container`. */
export function resourceArguments(token: string): SdkInputs {
  const [name = "", module = "", type = ""] = token.split(":");
  const folder = module.split("/")[0] === "index" ? "" : `${module}/`;
  const file = `${name}/${folder}${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`;
  const found = interfacesOf(file).get(`${type}Args`);
  if (!found) throw new Error(`${file} declares no ${type}Args`);
  return found;
}

/** The nested input types of a package by name; a namespace's are `remote.ConnectionArgs`. */
export function nestedTypes(name: string): ReadonlyMap<string, SdkInputs> {
  return interfacesOf(`${name}/types/input.d.ts`);
}

const parsed = new Map<string, ReadonlyMap<string, SdkInputs>>();

/** Each file once: the declarations of Azure are seven megabytes. */
function interfacesOf(file: string): ReadonlyMap<string, SdkInputs> {
  const known = parsed.get(file) ?? parseInterfaces(file);
  parsed.set(file, known);
  return known;
}

function parseInterfaces(file: string): ReadonlyMap<string, SdkInputs> {
  const path = resolve(packages, file);
  const found = new Map<string, SdkInputs>();
  if (!existsSync(path)) return found;
  const visit = (node: ts.Node, namespace: string): void => {
    if (ts.isModuleDeclaration(node) && node.body) {
      const below = `${namespace}${node.name.text}.`;
      ts.forEachChild(node.body, (child) => {
        visit(child, below);
      });
    }
    if (!ts.isInterfaceDeclaration(node)) return;
    const members = node.members.filter(ts.isPropertySignature).map((member) => ({
      name: member.name.getText(source),
      optional: member.questionToken !== undefined,
    }));
    found.set(`${namespace}${node.name.text}`, {
      inputs: members.map((member) => member.name).sort(),
      required: members.flatMap((member) => (member.optional ? [] : [member.name])).sort(),
    });
  };
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  ts.forEachChild(source, (node) => {
    visit(node, "");
  });
  return found;
}
