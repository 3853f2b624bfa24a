/** Words that make a name the name of a secret wherever they stand. */
const SECRET_WORDS = new Set(
  "secret secrets token credential credentials apikey secretkey authtoken accesskey privatekey".split(" "),
);

/** What a key is for, where the key is a secret. */
const KEY_WORDS = new Set(
  (
    "access account admin api app auth bot client crypto encryption hmac jwt license master private secret service " +
    "session shared signing storage webhook write primary secondary subscription deploy ingest consumer bridge gateway"
  ).split(" "),
);

/** Last words of names that tell something about a secret and are none. */
const ABOUT_SECRETS = new Set(
  (
    "file files path paths dir directory name names id ids ref reference url uri endpoint host type kind format length " +
    "size version generation expiry expires expiration ttl lifetime age policy policies enabled disabled required " +
    "count limit max min algorithm rotation arn hash digest fingerprint issuer audience mode store source provider " +
    "class authentication auth login prompt timeout interval server service username user label prefix suffix header " +
    "env variable state data scope scopes permissions port bucket stored"
  ).split(" "),
);

/** Also where words are written together, as in `PGPASSWORD`. */
const PASSWORD_WORD = /(?:password|passwd|passphrase)s?$|^pwd$/;

const judged = new Map<string, boolean>();
const MOST_NAMES = 10_000;

/** Whether a name says that its value is a secret: `adminPassword`, `OPENAI_API_KEY`; not `passwordFile` or `maxTokens`. */
export function looksSecretByName(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const secret = judgeName(name);
  // Names repeat over all resources; hostile ones must not fill the memory.
  if (judged.size < MOST_NAMES && name.length < 200) judged.set(name, secret);
  return secret;
}

function judgeName(name: string): boolean {
  return namesOneOf(
    name,
    (words) => words.some((word) => SECRET_WORDS.has(word) || PASSWORD_WORD.test(word)) || endsInKey(words),
  );
}

/** Whether a name says that its value is a password, which a person may have made up. */
export function looksLikePasswordName(name: string): boolean {
  return namesOneOf(name, (words) => words.some((word) => PASSWORD_WORD.test(word)));
}

function namesOneOf(name: string, judge: (words: readonly string[]) => boolean): boolean {
  const words = wordsOf(name);
  if (words.includes("public") || ABOUT_SECRETS.has(words.at(-1) ?? "")) return false;
  return judge(words);
}

function endsInKey(words: readonly string[]): boolean {
  const last = words.at(-1);
  return (last === "key" || last === "keys") && KEY_WORDS.has(words.at(-2) ?? "");
}

/** `adminPassword2`, `ADMIN_PASSWORD` and `admin-password` are the words admin and password. */
function wordsOf(name: string): string[] {
  return name
    .slice(-200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}
