import { areInternet, isInternet } from "./addresses.ts";

const LONGEST = 4096;

/** A condition that everybody meets, or can meet by what he sends. */
const ANYBODY: readonly RegExp[] = [
  /^(?:true|1|not false|not ssl|ssl|http\.request\.version\b.*)$/,
  /^(?:not )?(?:ip\.geoip\.|ip\.src\.)(?:country|continent|is_in_european_union)\b/,
  /^(?:lower\()?http\.(?:user_agent|referer|cookie|x_forwarded_for|request\.method|request\.headers|request\.cookies|request\.accepted_languages)\b/,
  /^(?:lower\()?http\.(?:host|request\.uri(?:\.path|\.query)?|request\.full_uri)\)? (?:contains "\/?"|matches "(?:\.\*|\/|\^\/|\^\/\.\*)\$?"|(?:strict )?wildcard r?"[/*:]+"|(?:ne|!=) "[^"]*")$/,
  /^len\([\w.]+\) (?:gt|ge|ne|>|>=|!=) [01]$/,
  // Whatever is not the one thing that is named.
  /^not (?:lower\(|upper\()?(?:http\.|cf\.|ip\.src (?:in|eq|==) |starts_with\(|ends_with\()/,
  /^starts_with\((?:lower\()?http\.request\.uri(?:\.path)?\)?, ?"\/?"\)$/,
  /^cf\.threat_score (?:ge|gt|>=|>|le|lt|<=|<) \d+$/,
  /^ip\.src (?:ne|!=) \S+$/,
];

/** The addresses in the lists of an account, by the lists' names. */
export type Lists = ReadonlyMap<string, readonly string[]>;

/**
 * Whether an expression of Cloudflare's rule language is met by anybody: one of its alternatives has no narrower part. Of a
 * list that is not given nothing is known.
 */
export function isForAnybody(expression: string, lists: Lists = new Map()): boolean {
  const text = expression.slice(0, LONGEST).replaceAll(/\s+/g, " ").trim().toLowerCase();
  if (text === "") return false;
  return alternatives(bare(text), /^(?:or|\|\|)$/).some((one) =>
    alternatives(one, /^(?:and|&&)$/).every((part) => isOpen(part, lists)),
  );
}

function isOpen(part: string, lists: Lists): boolean {
  const inner = bare(part);
  // Only what has lost its brackets can have alternatives of its own.
  if (inner.length < part.length) return isForAnybody(inner, lists);
  const [, literal, name = ""] = /^ip\.src in (?:\{([^}]*)\}|\$([\w.]+))$/.exec(part) ?? [];
  const list = literal?.trim().split(" ") ?? lists.get(name);
  if (list !== undefined) return areInternet(list) || list.some(isInternet);
  return ANYBODY.some((pattern) => pattern.test(part));
}

/** The parts between words at the top level: neither in brackets nor in quotes. */
function alternatives(text: string, by: RegExp): string[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[(){}]| |[^\s(){}"]+/g)) {
    if (token === "(" || token === "{") depth += 1;
    if (token === ")" || token === "}") depth -= 1;
    if (depth === 0 && by.test(token)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.map((tokens) => tokens.join("").trim());
}

/** Without brackets around all of it. */
function bare(text: string): string {
  let inner = text.trim();
  while (inner.startsWith("(") && inner.endsWith(")") && isBalanced(inner.slice(1, -1)))
    inner = inner.slice(1, -1).trim();
  return inner;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text.replaceAll(/"(?:[^"\\]|\\.)*"/g, "")) {
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
