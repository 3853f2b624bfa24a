/** A list of host names without what a wider entry covers already; sorted. */
export function narrowed(names: readonly string[]): string[] {
  const hosts = new Set(names);
  return [...hosts].filter((host) => ![...hosts].some((wider) => wider !== host && covers(wider, host))).sort();
}

/** Whether an entry of an allow-list stands for a host name, or for all that another entry stands for. */
export function covers(entry: string, host: string): boolean {
  if (entry === "*" || entry === host) return true;
  return entry.startsWith(".") && (host === entry.slice(1) || host.endsWith(entry));
}
