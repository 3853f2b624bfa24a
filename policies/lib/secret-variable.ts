/** Names of variables that hold a secret, in words separated by `_`, `-` or a change of case. */
const SECRET_NAME =
  /(^|_)(SECRETS?|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?|API_?KEYS?|ACCESS_?KEYS?|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|SECRET_?KEY|SESSION_?KEY|DEPLOY_?KEY|BEARER|AUTH|CONNECTION_?STRING|DSN)(_|$)|_(KEY|PASS|PAT)$/;

/** A number, a switch, a path, a plain address or a placeholder is no secret, whatever its name. */
const PLAIN_VALUE = /^(|-?\d{1,9}(\.\d+)?|true|false|yes|no|on|off|none|null|\/[^\s:@]*|\$\{?\w+\}?)$/i;

/**
 * Whether a variable's name says that its value is a secret, and the value is not plainly something else. Stricter than
 * what other containers are held to (`secretUnderName`): to an agent no secret may be given, a weak one neither.
 */
export function isSecretVariable(name: string, value: string): boolean {
  if (name.length > 256 || PLAIN_VALUE.test(value.trim())) return false;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[-. ]/g, "_")
    .toUpperCase();
  return SECRET_NAME.test(words);
}
