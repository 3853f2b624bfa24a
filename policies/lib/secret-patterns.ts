import { oneBlank, placesBefore } from "../../containment/blanks.ts";
import { looksRandom } from "./entropy.ts";
import { ANY_FORMAT, FORMATS } from "./secret-formats.ts";
import { looksLikePasswordName, looksSecretByName } from "./secret-names.ts";
import { isWeakSecret, standsForSecret } from "./weak-secrets.ts";

export { looksSecretByName } from "./secret-names.ts";

/** A secret in a text: what it is, where it begins and how long it is. Never the value itself. */
export interface FoundSecret {
  readonly kind: string;
  readonly offset: number;
  readonly length: number;
}

/** Longer texts are looked at up to here: beyond it is data, and looking would cost more than it finds. */
const LONGEST = 262_144;
/** No secret that can be told from a word is shorter. */
const SHORTEST = 6;

/** `password=…`, `"apiKey": "…"`, `--token …`: a name that ends before the sign, and what follows it. */
const ASSIGNMENT =
  /([A-Za-z][\w.-]{0,63})["']?(?: {0,2}(?:=|:=|:(?!\/\/)) {0,3}|(?<=--[\w-]{2,40}) )(?:"([^"\n]{6,512})"|'([^'\n]{6,512})'|((?![{[])[^\s"'&;,|<>()]{6,512}))/g;
const ASSIGNED = /pass|pwd|secret|token|key|credential/i;

const VARIABLE = /^[ \t]{0,8}(?:export |ENV |ARG )?([A-Z][A-Z0-9_]{2,63})=(\S{2,130})[ \t\r]{0,8}$/gm;
/** A line of a server's configuration whose name and value a blank parts. */
const DIRECTIVE =
  /^[ \t]{0,8}(requirepass|masterauth|bindpw|rootpw|rpc-secret)[ \t]{1,8}["']?([^\s"'#]{6,512})["']?[ \t\r]{0,8}$/gm;
const CONNECTION = /(?:^|[;=])\s{0,3}(?:server|data source|host|user id|uid|username)\s{0,3}=[^;]{1,200};/i;
const CONNECTION_PASSWORD = /(?:^|;)\s{0,3}(?:password|pwd)\s{0,3}=\s{0,3}([^;\s"']{2,128})/gi;
const WEAK = "a secret that can be guessed";

const CREDENTIALS_IN_URL = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:'"]{0,64}:([^\s/@'"]{3,128})@/gi;

/** Every secret in a text that its form or the name before it gives away. */
export function secretsInText(text: string): readonly FoundSecret[] {
  if (text.length < SHORTEST) return [];
  const narrow = oneBlank(text);
  const known = narrow.length > LONGEST ? narrow.slice(0, LONGEST) : narrow;
  const named = ASSIGNED.test(known) ? [...byAssignment(known), ...byVariable(known), ...byConnection(known)] : [];
  const found = [...byFormat(known), ...named, ...byDirective(known)];
  const apart = found.length < 2 ? found : withoutOverlaps(found);
  return narrow.length === text.length || apart.length === 0 ? apart : asWritten(text, known, apart);
}

function asWritten(text: string, known: string, found: readonly FoundSecret[]): FoundSecret[] {
  const ends = found.flatMap(({ offset, length }) => [offset, offset + length - 1]);
  const places = placesBefore(text, known, ends);
  return found.map(({ kind }, index) => {
    const [first = 0, last = 0] = places.slice(2 * index, 2 * index + 2);
    return { kind, offset: first, length: last + 1 - first };
  });
}

/** Whether a value under a name is a secret: by its form, or because the name says so and the value could be one. */
export function secretUnderName(name: string, value: string): FoundSecret | undefined {
  const [first] = secretsInText(value);
  if (first !== undefined) return first;
  if (value.length > 4096 || !looksSecretByName(name)) return undefined;
  const known = { offset: 0, length: value.length };
  if (value.length >= SHORTEST && couldBe(name, value)) return { kind: kindUnder(name), ...known };
  return isLiteral(value) && isWeakSecret(name, value) ? { kind: WEAK, ...known } : undefined;
}

/** Whether a value is what it says, and neither the place of something nor a hash. */
export function isLiteral(value: string): boolean {
  return value !== "" && !isReference(value) && !isPublic(value);
}

/** How a secret reads in a message. */
export function describeSecret({ kind, length }: FoundSecret): string {
  return `${kind} (${String(length)} characters, not shown)`;
}

/** The text with every secret in it replaced by what it is. */
export function hideSecrets(text: string): string {
  return secretsInText(text).reduceRight(
    (hidden, { kind, offset, length }) => `${hidden.slice(0, offset)}<${kind}>${hidden.slice(offset + length)}`,
    text,
  );
}

function byFormat(text: string): FoundSecret[] {
  if (!ANY_FORMAT.test(text)) return [];
  const published = FORMATS.flatMap(({ kind, pattern, random }) =>
    [...text.matchAll(pattern)]
      .filter(([value]) => !isSample(value) && (random !== true || looksRandom(value)))
      .map(({ 0: value, index }) => ({ kind, offset: index, length: value.length })),
  );
  const inUrls = [...text.matchAll(CREDENTIALS_IN_URL)]
    .filter(([, password = ""]) => !isReference(password) && !isSample(password))
    .map(({ 0: value, index }) => ({ kind: "a password in a URL", offset: index, length: value.length }));
  return [...published, ...inUrls];
}

function byAssignment(text: string): FoundSecret[] {
  return [...text.matchAll(ASSIGNMENT)].flatMap(({ 0: whole, 1: name = "", 2: double, 3: single, 4: bare, index }) => {
    const value = double ?? single ?? withoutEnd(bare ?? "");
    // `--from-literal=password=…` has the name in what stands behind the first sign.
    const inner = /^[A-Za-z][\w.-]{0,63}=/.test(value) && !looksSecretByName(name) ? byAssignment(value) : [];
    if (inner.length > 0) {
      const start = index + whole.lastIndexOf(value);
      return inner.map((one) => ({ ...one, offset: start + one.offset }));
    }
    if (value.length < SHORTEST || !looksSecretByName(name) || !couldBe(name, value)) return [];
    return [{ kind: kindUnder(name), offset: index + whole.lastIndexOf(value), length: value.length }];
  });
}

/** Without the brackets that end what the value stands in. */
function withoutEnd(bare: string): string {
  return /[{[]/.test(bare) ? bare : bare.replace(/[}\]]+$/, "");
}

/** A line of a file with variables holds nothing but the value, so that one can be told from a sentence about it. */
function byVariable(text: string): FoundSecret[] {
  return [...text.matchAll(VARIABLE)].flatMap(({ 0: whole, 1: name = "", 2: quoted = "", index }) => {
    const value = quoted.replace(/^(["'])(.*)\1$/, "$2");
    if (!isLiteral(value) || !isWeakSecret(name, value)) return [];
    return [{ kind: WEAK, offset: index + whole.length - quoted.length, length: quoted.length }];
  });
}

function byDirective(text: string): FoundSecret[] {
  return [...text.matchAll(DIRECTIVE)].flatMap(({ 0: whole, 2: value = "", index }) =>
    isLiteral(value) && !isSample(value) && !isPlainWord(value)
      ? [{ kind: "a password", offset: index + whole.lastIndexOf(value), length: value.length }]
      : [],
  );
}

/** In a text that connects to a database even a short password has nothing else around it. */
function byConnection(text: string): FoundSecret[] {
  if (!CONNECTION.test(text)) return [];
  return [...text.matchAll(CONNECTION_PASSWORD)].flatMap(({ 0: whole, 1: value = "", index }) =>
    isLiteral(value) && isWeakSecret("password", value)
      ? [{ kind: WEAK, offset: index + whole.length - value.length, length: value.length }]
      : [],
  );
}

function kindUnder(name: string): string {
  return looksLikePasswordName(name) ? "a password" : "a secret by its name";
}

/** What a person makes up as a password mixes kinds of characters; other secrets are drawn at random. */
function couldBe(name: string, value: string): boolean {
  if (isReference(value) || isSample(value) || isPublic(value) || isPlainWord(value)) return false;
  if (looksRandom(value) && value.length >= 16) return true;
  if (!looksLikePasswordName(name) || standsForSecret(value)) return false;
  return kindsIn(value) >= 2 && !/^[\w-]+(\.[A-Za-z][\w-]*)+(\(.*)?$/.test(value);
}

function kindsIn(value: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9\s_./-]/].filter((kind) => kind.test(value)).length;
}

/** The text names the place of a secret and does not hold it. */
function isReference(value: string): boolean {
  return (
    /^(?:\$|%|<|@\{|\{\{|\[\[|!|~?\.{0,2}\/|[A-Za-z]:\\|file:|env:|vault:|op:|sops:|arn:|urn:|ENC\(|https?:\/\/[^@]*$|projects\/)/.test(
      value,
    ) || /\$\{|\$\(|\{\{|@\{|@Microsoft\.KeyVault/.test(value)
  );
}

/** Made up for documentation, or hidden already. */
function isSample(value: string): boolean {
  return (
    /EXAMPLE|example|change.?me|changeit|placeholder|redacted|your[-_ ]|dummy|x{6}|X{6}|\*{3}|\.\.\./i.test(value) ||
    /^(.)\1*$/.test(value) ||
    /^\[?secret\]?$/i.test(value)
  );
}

function isPlainWord(value: string): boolean {
  return /^(?:true|false|null|none|undefined|\d+(?:\.\d+)*)$/i.test(value);
}

/** Public by nature: hashes, identifiers, public keys, dates. A hash of a password does not open what the password opens. */
function isPublic(value: string): boolean {
  return (
    /^(?:sha(?:1|256|384|512)[:-]|[0-9a-f]{8}-[0-9a-f]{4}-|\$?2[aby]\$|\$argon2|\$[156y]\$|\{SSHA|SCRAM-SHA-|ssh-|ecdsa-|sk-ssh|SHA256:|-----BEGIN (?:CERTIFICATE|PUBLIC KEY|[A-Z0-9]{1,10} PUBLIC KEY)|\d{4}-\d\d-\d\d)/i.test(
      value,
    ) || /@sha256:/i.test(value)
  );
}

function withoutOverlaps(found: readonly FoundSecret[]): FoundSecret[] {
  const kept: FoundSecret[] = [];
  for (const one of [...found].sort((a, b) => a.offset - b.offset || b.length - a.length)) {
    const before = kept.at(-1);
    if (before === undefined || one.offset >= before.offset + before.length) kept.push(one);
  }
  return kept;
}
