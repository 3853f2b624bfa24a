import { z } from "zod";
import { settingsSchema } from "#stacks/settings.ts";
import { code, codes, table } from "./markdown.ts";

/** The parts of a JSON schema that the settings use. */
interface Property {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

const INTRODUCTION = `# Settings

Generated from \`components/settings/\`, and from \`settings.ts\` of the kinds of services that are on the estate's machines;
change it there. A setting that no service of a machine reads is refused there.

A machine's settings are in \`Pulumi.<stack>.yaml\`, under the namespace \`garrison\`. They are checked before anything is
created: everything wrong, unknown or missing is told in one report. To set one:

\`\`\`
pulumi config set -s office --path garrison:docker.hostKey "ssh-ed25519 AAAA…"
\`\`\`
`;

/** The reference page of the settings, written to \`docs/reference/settings.md\`. */
export function settingsPage(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: "input" }) as unknown as Property;
  const rows = leaves(schema, "garrison:");
  return [INTRODUCTION, table(["Setting", "Value", "Default", "Meaning"], rows)].join("\n");
}

function leaves(parent: Property, prefix: string): string[][] {
  return Object.entries(parent.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    if (property.properties !== undefined) return leaves(property, `${name}.`);
    const required = parent.required?.includes(key) === true;
    if (property.description === undefined) throw new Error(`${name} has no description`);
    return [[code(name), kind(property), fallback(property, required), property.description]];
  });
}

function kind({ type, enum: values, minimum, exclusiveMinimum }: Property): string {
  if (values !== undefined) return codes(values);
  const word = { integer: "whole number", string: "text", boolean: "`true`, `false`" }[type] ?? type;
  if (minimum !== undefined) return `${word}, at least ${String(minimum)}`;
  return exclusiveMinimum === undefined ? word : `${word}, more than ${String(exclusiveMinimum)}`;
}

function fallback(property: Property, required: boolean): string {
  if (typeof property.default === "string") return code(property.default);
  if (property.default !== undefined) return code(JSON.stringify(property.default));
  // A description that tells a default which depends on other settings.
  if (property.description?.includes("Default: ") === true) return "see there";
  return required ? "required" : "none";
}
