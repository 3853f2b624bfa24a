import { isLiteral, secretUnderName } from "./secret-patterns.ts";
import { readScript } from "./shell/read-script.ts";

/** One word of a command line, as the property writes it. */
export interface Argument {
  readonly path: string;
  readonly value: string;
}

/** Programs whose short options take a password: as the rest of the word, or as the next one. */
const SHORT_OPTIONS: readonly (readonly [program: RegExp, option: RegExp])[] = [
  [/^(?:mysql|mariadb)(?:admin|dump|import|show|check|slap|-\w+)?$/, /^-p(.+)$/],
  [/^(?:redis|valkey|keydb)-cli$/, /^-a(.*)$/],
  [/^(?:sshpass|mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|cqlsh|arangosh|keytool)$/, /^-p(.*)$/],
  [/^(?:sqlcmd|bcp|mosquitto_\w+|ipmitool|zip|unzip)$/, /^-P(.*)$/],
  [/^(?:ldapsearch|ldapadd|ldapmodify|ldapdelete|ldappasswd|ldapwhoami)$/, /^-w(.*)$/],
  [/^7z[ar]?$/, /^-p(.+)$/],
  [/^(?:docker|podman|nerdctl|helm|oras|crane|skopeo|buildah|az)$/, /^-p(.*)$/],
];
/** The second half of `user:password`. */
const PAIRED: readonly (readonly [program: RegExp, option: RegExp, sign: RegExp])[] = [
  [/^curl$/, /^(?:-u|--user|-U|--proxy-user)(?:=|$)(.*)$/, /:(.+)$/],
  [/^curl$/, /^-u([^-=].*)$/, /:(.+)$/],
  [/^(?:etcdctl|influx)$/, /^--user(?:=|$)(.*)$/, /:(.+)$/],
  [/^(?:smbclient|rpcclient|net)$/, /^(?:-U|--user)=?(.*)$/, /%(.+)$/],
  [/^lftp$/, /^-u(.*)$/, /,(.+)$/],
  [/^openssl$/, /^-pass(?:in|out)?$()/, /^pass:(.+)$/],
  [/^openssl$/, /^-k$()/, /^(.+)$/],
];
/** Registry clients take a password with `login` only; elsewhere `-p` is a port or a path. */
const ONLY_LOGIN = /^(?:docker|podman|nerdctl|helm|oras|crane|skopeo|buildah|az)$/;

/** Programs that take a password as one of their words: which, counted from the first that is no option. */
const POSITIONAL: readonly (readonly [program: RegExp, line: RegExp, place: number])[] = [
  [/^htpasswd2?$/, /\s-\w{0,20}n\w{0,20}b|\s-\w{0,20}b\w{0,20}n/, 1],
  [/^htpasswd2?$/, /\s-\w*b/, 2],
  [/^mosquitto_passwd$/, /\s-\w*b/, 2],
  [/^rabbitmqctl(?:\.bat)?$/, /\s(?:add_user|change_password)\s/, 2],
  [/^openssl$/, /\spasswd\s(?!.*-(?:stdin|in)\b)/, 1],
  [/^mkpasswd$/, /^(?!.*--?(?:stdin|s)\b)/, 0],
  [/^grafana-cli$|^grafana$/, /\sreset-admin-password\s/, -1],
];
/** A password in a statement for a database. */
const STATEMENT = /\b(?:PASSWORD|IDENTIFIED(?:\s+WITH\s+\w+)?\s+BY)\s+'([^'$]{1,200})'/i;

/** In a single word without an option or a second one there is none. */
const OPTION = /(?:^|\s)-|\s/;

/**
 * Passwords among the arguments of a program that the words alone do not give away: the word behind an option whose name
 * tells, and the short options of well-known programs; also within the text that a shell is given.
 */
export function secretArguments(words: readonly Argument[]): readonly (Argument & { readonly kind: string })[] {
  if (words.length < 2 && !words.some(({ value }) => OPTION.test(value))) return [];
  const inTexts = words.flatMap(({ path, value }) =>
    /\s/.test(value)
      ? readScript(value).calls.flatMap(({ argv }) => among(argv.map((word) => ({ path, value: word }))))
      : [],
  );
  const found = [...among(words), ...inTexts];
  // Of two at one place the first is told.
  return [...new Map(found.toReversed().map((one) => [one.path, one])).values()].toReversed();
}

function among(words: readonly Argument[]): (Argument & { kind: string })[] {
  const known = optionsOf(words);
  const place = placeOf(words);
  return words.flatMap((word, index) => {
    const before = words[index - 1]?.value ?? "";
    const password =
      byName(before, word.value) ??
      byProgram(known, before, word.value) ??
      STATEMENT.exec(word.value)?.[1] ??
      (index === place && isLiteral(word.value) ? word.value : undefined);
    return password === undefined ? [] : [{ ...word, kind: "a password among the arguments" }];
  });
}

interface KnownOptions {
  readonly short: readonly RegExp[];
  readonly paired: readonly (readonly [option: RegExp, sign: RegExp])[];
}

/** Options that take passwords with the programs that are among the words: looked up once, not for each word. */
function optionsOf(words: readonly Argument[]): KnownOptions {
  const programs = [
    ...new Set(words.map(({ value }) => value.slice(value.lastIndexOf("/") + 1)).filter((word) => /^\w/.test(word))),
  ];
  const applies = (pattern: RegExp): boolean =>
    programs.some((program) => pattern.test(program) && (!ONLY_LOGIN.test(program) || programs.includes("login")));
  return {
    short: SHORT_OPTIONS.flatMap(([program, option]) => (applies(program) ? [option] : [])),
    paired: PAIRED.flatMap(([program, option, sign]) => (applies(program) ? [[option, sign] as const] : [])),
  };
}

function byName(before: string, value: string): string | undefined {
  const option = /^--?([A-Za-z][\w.-]{1,63})$/.exec(before)?.[1];
  if (option === undefined || value.startsWith("-")) return undefined;
  return secretUnderName(option, value) === undefined ? undefined : value;
}

function byProgram({ short, paired }: KnownOptions, before: string, value: string): string | undefined {
  for (const option of short) {
    const password = behind(option, before, value);
    if (password !== undefined && isLiteral(password)) return password;
  }
  for (const [option, sign] of paired) {
    const given = behind(option, before, value);
    const password = given === undefined ? undefined : sign.exec(given)?.[1];
    if (password !== undefined && isLiteral(password)) return password;
  }
  return undefined;
}

/** Where among the words of a program its password stands. */
function placeOf(words: readonly Argument[]): number | undefined {
  const values = words.map(({ value }) => value);
  const program = values[0]?.slice(values[0].lastIndexOf("/") + 1) ?? "";
  const known = POSITIONAL.find(([name, line]) => name.test(program) && line.test(` ${values.slice(1).join(" ")} `));
  if (known === undefined) return undefined;
  const operands = values.flatMap((value, at) => (at > 0 && !value.startsWith("-") ? [at] : []));
  return operands.at(known[2]);
}

/** What an option holds: the rest of its word, or the next word where it ends with its name. */
function behind(option: RegExp, before: string, value: string): string | undefined {
  const own = option.exec(value)?.[1] ?? "";
  if (own !== "") return own;
  return option.exec(before)?.[1] === "" && !value.startsWith("-") ? value : undefined;
}
