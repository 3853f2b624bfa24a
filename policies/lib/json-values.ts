/** What JSON or YAML has with names. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is no object has no fields. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** What is no list has no entries. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
