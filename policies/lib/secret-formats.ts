/** A published form of secrets: what it is, and how it is told. */
interface SecretFormat {
  readonly kind: string;
  /** Looks at bounded stretches only, so that no text makes it slow. */
  readonly pattern: RegExp;
  /** The form alone does not tell it from a word: the value has to look random as well. */
  readonly random?: boolean;
}

/** One look at a text decides whether any format is worth trying. Small and capital letters count. */
export const ANY_FORMAT = new RegExp(
  [
    "PRIVATE KEY|PuTTY-User-Key|AGE-SECRET-KEY-|A[KS]IA[0-9A-Z]|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|xox[a-z]-|xapp-",
    "hooks\\.slack\\.com|/api/webhooks/|\\d{8}:[A-Za-z0-9_-]{35}|sk-|AIza|GOCSPX-|Key=|[?&]sig=|Q~|eyJ",
    "cf(?:ut|at|k)_|npm_|pypi-|dckr_|hf_|[sr]k_(?:live|test)_|whsec_|SG\\.|do[opr]_v1_|pul-|hv[sb]\\.|tskey-|v1\\.0-",
    "://[^\\s/@:]{0,64}:[^\\s/@]{1,128}@|[Aa]uthorization",
  ].join("|"),
);

/** Forms of secrets that their issuers publish. */
export const FORMATS: readonly SecretFormat[] = [
  { kind: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g },
  { kind: "a PuTTY private key", pattern: /PuTTY-User-Key-File-\d:/g },
  { kind: "an age secret key", pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50,60}/g },
  { kind: "an AWS access key", pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])/g },
  { kind: "a GitHub token", pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})/g },
  { kind: "a GitLab token", pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|soat|ft)-[\w-]{20,255}/g, random: true },
  { kind: "a Slack token", pattern: /(?<![A-Za-z0-9])(?:xox[abceoprs]-|xapp-\d-)[\w-]{16,255}/g, random: true },
  {
    kind: "a Slack webhook",
    pattern: /hooks\.slack\.com\/(?:services|workflows)\/T\w{6,20}\/[AB]\w{6,20}\/[\w/]{16,64}/g,
  },
  { kind: "a Discord webhook", pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{8,25}\/[\w-]{20,100}/g },
  { kind: "a Telegram bot token", pattern: /(?<![A-Za-z0-9])\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])/g, random: true },
  { kind: "an Anthropic API key", pattern: /(?<![A-Za-z0-9])sk-ant-[a-z0-9]{2,12}-[\w-]{20,255}/g, random: true },
  { kind: "an API key", pattern: /(?<![A-Za-z0-9])sk-(?!ant-)[\w-]{20,255}/g, random: true },
  { kind: "a Google API key", pattern: /(?<![A-Za-z0-9])AIza[\w-]{35}(?![\w-])/g },
  { kind: "a Google OAuth secret", pattern: /(?<![A-Za-z0-9])GOCSPX-[\w-]{28}/g },
  { kind: "an Azure account key", pattern: /(?:Account|SharedAccess)Key=[A-Za-z0-9+/]{40,90}={1,2}/g, random: true },
  { kind: "an Azure shared access signature", pattern: /[?&]sig=[A-Za-z0-9%+/]{40,120}/g, random: true },
  { kind: "an Azure client secret", pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g },
  { kind: "a Cloudflare tunnel token", pattern: /(?<![A-Za-z0-9])eyJhIjoi[A-Za-z0-9+/=_-]{80,400}/g },
  { kind: "a JSON web token", pattern: /(?<![A-Za-z0-9])eyJ[\w-]{10,8000}\.eyJ[\w-]{10,8000}\.[\w-]{16,1000}/g },
  {
    kind: "a Cloudflare token",
    pattern: /(?<![A-Za-z0-9])(?:cf(?:ut|at|k)_\w{40,60}|v1\.0-[0-9a-f]{24}-[0-9a-f]{140,150})/g,
  },
  {
    kind: "a token in a header",
    pattern: /authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|token|apikey)\s{1,3}[\w.~+/-]{8,4096}={0,2}/gi,
    random: true,
  },
  {
    kind: "a password in a header",
    pattern: /authorization["']?\s{0,3}[:=]\s{0,3}["']?basic\s{1,3}[\w+/-]{4,4096}={0,2}/gi,
  },
  { kind: "an npm token", pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  { kind: "a PyPI token", pattern: /(?<![A-Za-z0-9])pypi-AgE[\w-]{50,255}/g },
  { kind: "a Docker Hub token", pattern: /(?<![A-Za-z0-9])dckr_(?:pat|oat)_[\w-]{27,64}/g },
  { kind: "a Hugging Face token", pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])/g, random: true },
  { kind: "a Stripe key", pattern: /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{20,255}/g },
  { kind: "a SendGrid key", pattern: /(?<![A-Za-z0-9])SG\.[\w-]{22}\.[\w-]{43}/g },
  { kind: "a DigitalOcean token", pattern: /(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{64}/g },
  { kind: "a Pulumi token", pattern: /(?<![A-Za-z0-9])pul-[0-9a-f]{40}(?![0-9a-f])/g },
  { kind: "a Vault token", pattern: /(?<![A-Za-z0-9])hv[sb]\.[\w-]{24,255}/g, random: true },
  { kind: "a Tailscale key", pattern: /(?<![A-Za-z0-9])tskey-[a-z]{2,10}-[\w-]{16,100}/g, random: true },
];
