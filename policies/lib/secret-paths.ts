/** Directories and files that programs keep keys and passwords in, by their names. */
const SECRET_SEGMENTS =
  /^(\.ssh|\.aws|\.azure|\.gnupg|\.kube|\.docker|\.netrc|\.pgpass|\.git-credentials|\.env|secrets?|credentials?|keys?|private|tokens?|(.*[-_.])?(secrets?|credentials?|tokens?|passwords?|api-?keys?))(\.[a-z0-9]+)?$/i;

/** Whether a path of the host, or a volume's name, looks like one that keys and passwords lie in. */
export function looksSecret(source: string): boolean {
  return source.split("/").some((segment) => segment.length <= 128 && SECRET_SEGMENTS.test(segment));
}
