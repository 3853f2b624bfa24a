/** What a record says under a name, or undefined: every object answers to `constructor` and `toString` as well. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
