/** How many resources there are of each type, in the order of the types. */
export function countsOf(types: readonly string[]): Record<string, number> {
  const groups = [...Map.groupBy(types, (one) => one)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(groups.map(([name, all]) => [name, all.length]));
}
