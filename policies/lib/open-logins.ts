const YES = /^(?:1|true|yes|on)$/i;

/** Variables by which images of well-known servers let anybody in, and the values that do. */
const OPEN: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^POSTGRES_HOST_AUTH_METHOD$/, /^trust$/i],
  [/^POSTGRES_INITDB_ARGS$/, /--auth(?:-host)?[= ]trust\b/],
  [/^(?:MYSQL|MARIADB)_ALLOW_EMPTY(?:_ROOT)?_PASSWORD$/, /^(?!(?:0|no|false|off)?$)/i],
  [/^NEO4J_AUTH$/, /^none$/i],
  [/^AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED$/, YES],
  [/^ME_CONFIG_BASICAUTH(?:_ENABLED)?$/, /^(?:0|false|no|off)$/i],
  [/^GF_AUTH_ANONYMOUS_ORG_ROLE$/, /^(?:admin|editor)$/i],
  [/^DISABLE_SECURITY_PLUGIN$|^DISABLE_AUTH$|^NO_AUTH$/, YES],
];

/** Whether a variable tells a server to ask nobody for a password. */
export function opensLogin(name: string, value: string): boolean {
  return OPEN.some(([known, says]) => known.test(name) && says.test(value.trim()));
}
