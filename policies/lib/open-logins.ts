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
  [/^ALLOW_(?:ANONYMOUS_LOGIN|EMPTY_PASSWORD)$/, YES],
  [/^N8N_USER_MANAGEMENT_DISABLED$|^plugins\.security\.disabled$/, YES],
  [/^xpack\.security\.enabled$/, /^false$/i],
  [/^DISABLE_SECURITY_PLUGIN$|^DISABLE_AUTH$|^NO_AUTH$/, YES],
];

/** Whether a variable tells a server to ask nobody for a password. */
export function opensLogin(name: string, value: string): boolean {
  return OPEN.some(([known, says]) => known.test(name) && says.test(value.trim()));
}

/** The same by the words of well-known servers. */
const COMMANDS: readonly (readonly [program: RegExp, says: RegExp, unless?: RegExp])[] = [
  [/^(?:redis|valkey|keydb)-server$/, /^--protected-mode[= ]no\b/m, /^--(?:requirepass|aclfile|user)\b/m],
  [/^vault$/, /^-dev\b/m],
  [/^dockerd$/, /^(?:-H|--host)[= ]tcp:/m, /^--tlsverify/m],
  [/^mongod$/, /^--noauth\b/m],
  [/^traefik$/, /^--api\.insecure(?:=true)?$/m],
  [/^kubectl$/, /^--accept-hosts=\S*\.\*/m],
  [/^etcd$/, /^--listen-client-urls[= ]\S*http:\/\/(?!127\.|localhost)/m],
];

/** Whether a server is started so that it asks nobody who connects. */
export function startsOpen(words: readonly string[]): boolean {
  const [program = "", ...options] = words;
  const name = program.slice(program.lastIndexOf("/") + 1);
  // Each option at the start of a line, with its value behind it on the same.
  const lines = options.join(" ").replaceAll(" -", "\n-");
  return COMMANDS.some(([known, says, unless]) => known.test(name) && says.test(lines) && unless?.test(lines) !== true);
}
