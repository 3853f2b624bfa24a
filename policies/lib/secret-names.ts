/** Words that make a name the name of a secret wherever they stand. */
const SECRET_WORDS = new Set(
  "secret secrets token credential credentials apikey secretkey authtoken authkey accesskey privatekey".split(" "),
);

/** What a key is for, where the key is a secret. */
const KEY_WORDS = new Set(
  (
    "access account admin api app auth bot client crypto encryption hmac jwt license master private secret service " +
    "preshared psk session shared signing storage webhook widget write primary secondary subscription deploy ingest consumer bridge gateway"
  ).split(" "),
);

/** Last words of names that tell something about a secret and are none. */
const ABOUT_SECRETS = new Set(
  (
    "file files path paths dir directory name names id ids ref reference url uri endpoint host type kind format length " +
    "size version generation expiry expires expiration ttl lifetime age policy policies enabled disabled required " +
    "hashing hasher scheme encoder strength count limit max min algorithm rotation arn hash digest fingerprint issuer audience mode store source provider " +
    "class authentication auth login prompt timeout interval server service username user label prefix suffix header " +
    "env variable state data scope scopes permissions port bucket stored"
  ).split(" "),
);

/** Also where words are written together, as in `PGPASSWORD`. */
const PASSWORD_WORD = /(?:password|passwd|passphrase|passcode|passwort|kennwort)s?$|^(?:pwd|requirepass|masterauth)$/;
/** Where they are the last word. */
const SHORT_PASSWORD_WORD = /^(?:pass|pw|psk|rootpw|userpw|adminpw|dbpass|userpass|userpwd)$/;

/** Names with one of these say what happens with a password. */
const VERBS = new Set(
  (
    "allow ask change confirm disable enable empty force forgot forgotten generate has hide is minimum must no old " +
    "random remember require requires reset save show use without"
  ).split(" "),
);

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
    (words) =>
      words.some((word) => SECRET_WORDS.has(word) || PASSWORD_WORD.test(word)) || endsInKey(words) || endsInPass(words),
  );
}

/** Whether a name says that its value is a password, which a person may have made up. */
export function looksLikePasswordName(name: string): boolean {
  return namesOneOf(name, (words) => words.some((word) => PASSWORD_WORD.test(word)) || endsInPass(words));
}

/** Whether the value under a name can be nothing but a password: `dbPassword`, not `passwordHashing` or `resetPassword`. */
export function namesPasswordItself(name: string): boolean {
  return namesOneOf(
    name,
    (words) => (PASSWORD_WORD.test(words.at(-1) ?? "") || endsInPass(words)) && !words.some((word) => VERBS.has(word)),
  );
}

/** Whether the name ends as the name of a secret does. */
export function namesSecretItself(name: string): boolean {
  return namesOneOf(
    name,
    (words) => (SECRET_WORDS.has(words.at(-1) ?? "") || endsInKey(words)) && !words.some((word) => VERBS.has(word)),
  );
}

/** Erlang's cookie opens every node of a cluster; `NEO4J_AUTH` holds a user and a password. */
const PASSWORD_ENDS = new Set(["erlang cookie", "neo j auth"]);

function endsInPass(words: readonly string[]): boolean {
  return SHORT_PASSWORD_WORD.test(words.at(-1) ?? "") || namesLogin(words);
}

function namesLogin(words: readonly string[]): boolean {
  return PASSWORD_ENDS.has(words.slice(-2).join(" ")) || PASSWORD_ENDS.has(words.slice(-3).join(" "));
}

function namesOneOf(name: string, judge: (words: readonly string[]) => boolean): boolean {
  const words = wordsOf(name);
  if (words.includes("public") || (ABOUT_SECRETS.has(words.at(-1) ?? "") && !namesLogin(words))) return false;
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
