/** Names of variables that hold a secret, in words separated by `_`, `-` or a change of case. */
const SECRET_NAME =
  /(^|_)(SECRETS?|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?|API_?KEYS?|ACCESS_?KEYS?|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|SECRET_?KEY|SESSION_?KEY|DEPLOY_?KEY|BEARER|AUTH|CONNECTION_?STRING|DSN)(_|$)|_(KEY|PASS|PAT)$/;

/** A number, a switch, a path, a plain address or a placeholder is no secret, whatever its name. */
const PLAIN_VALUE = /^(|-?\d{1,9}(\.\d+)?|true|false|yes|no|on|off|none|null|\/[^\s:@]*|\$\{?\w+\}?)$/i;

const FORMATS: readonly (readonly [what: string, format: RegExp])[] = [
  ["an OpenAI or Anthropic key", /\bsk-(ant-|proj-|or-)?[A-Za-z0-9_-]{20,200}/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,200}/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,200}/],
  ["an AWS key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a Google key", /\bAIza[A-Za-z0-9_-]{35}/],
  ["a Telegram bot token", /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,100}/],
  ["a Groq key", /\bgsk_[A-Za-z0-9]{40,100}/],
  ["a webhook's key", /\bwhsec_[A-Za-z0-9+/=]{24,200}/],
  ["a JSON Web Token", /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\./],
  ["a private key", /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/],
  ["a password in an address", /:\/\/[^\s:/@]{0,128}:[^\s:/@]{3,128}@/],
];

/** Longer texts are no variables. */
const LONGEST = 100_000;

/** What kind of secret a text contains by its form, or undefined. */
export function secretFormat(text: string): string | undefined {
  const start = text.slice(0, LONGEST);
  return FORMATS.find(([, format]) => format.test(start))?.[0];
}

/** Whether a variable's name says that its value is a secret, and the value is not plainly something else. */
export function isSecretVariable(name: string, value: string): boolean {
  if (name.length > 256 || PLAIN_VALUE.test(value.trim())) return false;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[-. ]/g, "_")
    .toUpperCase();
  return SECRET_NAME.test(words);
}
