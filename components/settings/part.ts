import { z } from "zod";

/** What a part of a machine is told, below one name: `garrison:models`. */
export interface SettingsPart<Fields extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** What they are about, in a sentence. */
  readonly about: string;
  readonly fields: Fields;
  /** What nobody can invent for a real machine, by field, and what it is. A lab need not say it. @default nothing */
  readonly needed?: Readonly<Partial<Record<keyof Fields & string, string>>>;
  /** Services that are told. Where all of them are switched off, nothing is needed. @default the machine itself */
  readonly of?: readonly string[];
}

/**
 * Settings of a kind of service. Each field has a default, or is optional: a lab says none. Two kinds may have parts of
 * one name, each with fields of its own.
 *
 * @example
 * ```ts
 * const mail = settingsPart("mail", "How mail leaves.", {
 *   sender: worded(z.email().optional(), "a mail address", "ops@example.org").describe("Who mail comes from."),
 * });
 * ```
 */
export function settingsPart<Fields extends z.ZodRawShape>(
  name: string,
  about: string,
  fields: Fields,
  needed?: SettingsPart<Fields>["needed"],
): SettingsPart<Fields> {
  return { name, about, fields, ...(needed !== undefined && { needed }) };
}

/** What a machine was told of a part, with its defaults. */
export function readPart<Fields extends z.ZodRawShape>(
  settings: object,
  { name, fields }: SettingsPart<Fields>,
): z.infer<z.ZodObject<Fields>> {
  return z.object(fields).parse((settings as Readonly<Record<string, unknown>>)[name] ?? {});
}

/** The parts as one shape: those of one name together, and each of them one that need not be said. */
export function shapeOfParts(parts: readonly SettingsPart[]): z.ZodRawShape {
  const groups = Map.groupBy(new Set(parts), ({ name }) => name);
  return Object.fromEntries(
    [...groups].map(([name, own]) => {
      return [
        name,
        z
          .strictObject(fieldsOf(name, own))
          .prefault({})
          .describe(own[0]?.about ?? ""),
      ];
    }),
  );
}

function fieldsOf(name: string, parts: readonly SettingsPart[]): z.ZodRawShape {
  const fields = new Map<string, z.core.$ZodType>();
  for (const [field, schema] of parts.flatMap((part) => Object.entries(part.fields))) {
    if ((fields.get(field) ?? schema) !== schema) throw new Error(`two kinds mean two things by ${name}.${field}`);
    fields.set(field, schema);
  }
  return Object.fromEntries(fields);
}
