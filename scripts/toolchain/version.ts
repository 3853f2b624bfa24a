/** A release number: major, minor, patch. */
export type Version = readonly [number, number, number];

/** Reads `v3.259.0`, `3.259.0-dev.0`, `go1.26.8`; undefined when there is no number in it. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (match === null) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Below zero when `a` is older than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
