import { namesPasswordItself, namesSecretItself } from "./secret-names.ts";

/** What stands in the place of a password and is none: a switch, a type, the word for "not shown". */
const NO_PASSWORD =
  /^(?:true|false|yes|no|on|off|y|n|\d{1,3}|none|null|nil|undefined|unset|empty|enabled?|disabled?|required|optional|always|never|auto|automatic|random|generated?|prompt|ask|string|text|securestring|redacted|hidden|masked|[*x.]{3,}|\[.*\]|<.*>|\{.*)$/i;

/** Defaults that public programs ship, and what people type when they are asked for a secret they do not care about. */
const COMMON = new Set(
  (
    "password password1 passw0rd p@ssword p@ssw0rd pass secret secret1 secretkey secret-key topsecret mysecret " +
    "my-secret mysecretkey my-secret-key my_secret_key jwtsecret jwt-secret jwt_secret supersecret super-secret " +
    "super_secret supersecretkey super-secret-key admin admin123 administrator root toor test test123 testing guest " +
    "letmein welcome welcome1 qwerty qwerty123 abc123 iloveyou monkey dragon hunter2 " +
    "insecure notsecure not-secure mytoken my-token mykey my-key postgres mysql minioadmin rabbitmq redis grafana"
  ).split(" "),
);
const TO_BE_CHANGED =
  /change[-_ ]?(?:me|it|this|in[-_ ]?prod)|replace[-_ ]?(?:me|this|with)|^(?:1234567890|0?12345\d*)$/i;

/** What stands beside a field for a password, on a form or in its translations. */
const LABEL = /^(?:Your |New |Confirm )?(?:Password|Passphrase|Passcode|Passwort|Kennwort)\W{0,3}$/;

/** The text leads to a secret in the manner of some configuration language. */
const LOOKED_UP =
  /\$(?:apr1|2[aby]|argon2\w{0,2}|[156y])\$|\{SHA\}|^(?:var|local|config|env|secrets?|process|settings|data|module|params?|values|ref)\.|^(?:ENC\(|\[\w+\(|os\.|ssm:|secretsmanager:|keyvault:|gcp:|doppler:|infisical:|ref\+)|\s\S+\s/i;

/** Whether a text stands where a password would and says something about it, or where it comes from. */
export function standsForSecret(value: string): boolean {
  return NO_PASSWORD.test(value) || LABEL.test(value) || LOOKED_UP.test(value);
}

/**
 * Whether a value under a name is a secret that everybody can guess. A password may be any word at all; of other secrets
 * only those that are known not to be drawn at random, because names such as `tlsSecret` also stand before other names.
 */
export function isWeakSecret(name: string, value: string): boolean {
  if (value.length < 2 || value.length > 128 || standsForSecret(value)) return false;
  if (namesPasswordItself(name)) return true;
  if (!namesSecretItself(name)) return false;
  if (TO_BE_CHANGED.test(value)) return true;
  // In many manifests `secretKey` is the key under which another object holds the secret.
  return COMMON.has(value.toLowerCase()) && !/^secret_?keys?$/i.test(name);
}
