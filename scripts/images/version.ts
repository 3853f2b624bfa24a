/** The numbers of a tag, most significant first: `v4.16.3` is 4, 16, 3; `2026.7.1-2` is 2026, 7, 1, 2. */
export type Version = readonly number[];

const VERSION = /^v?(\d+(?:\.\d+)*)(?:-(\d+)(?=-|$))?/;

/** The version that a tag begins with; undefined where it begins with none, as `latest` does. */
export function versionOf(tag: string): Version | undefined {
  const [, numbers, revision] = VERSION.exec(tag) ?? [];
  if (numbers === undefined) return undefined;
  return [...numbers.split("."), ...(revision === undefined ? [] : [revision])].map(Number);
}

/** Below 0 where `a` is older than `b`. A number that is missing counts as 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether two versions are of one line, the releases that differ in what comes after the second number. */
export function sameLine(a: Version, b: Version): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** The tag with another version in it: 1.29.5-alpine with 1.31.9 is 1.31.9-alpine. */
export function withVersion(tag: string, version: string): string {
  return tag.replace(VERSION, (old) => `${old.startsWith("v") && !version.startsWith("v") ? "v" : ""}${version}`);
}
