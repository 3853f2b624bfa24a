/**
 * A file of variables that Node reads before the program: `node --env-file=…`. So what is secret is in no environment
 * that Docker shows. Values are in single quotes, in which nothing has a meaning.
 *
 * @param values variable to value; one that is undefined is left out
 */
export function envFile(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([variable, value]) => `${variable}='${value ?? ""}'\n`)
    .join("");
}
