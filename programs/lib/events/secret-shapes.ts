/** Shapes of secrets that can be told from names. None of them can take long on a long text. */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a token of Telegram", /\d{6,12}:[A-Za-z0-9_-]{30,}/],
  ["a private key", /-----BEGIN/],
  ["a key of a model's provider", /\bsk-[A-Za-z0-9_-]{16,}/],
  ["a token of GitHub", /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_)/],
  ["a key of AWS", /\b(?:AKIA|ASIA)[A-Z0-9]{16}/],
  ["a token of Slack", /\bxox[abeprs]-/],
  ["a key of Google", /\bAIza[A-Za-z0-9_-]{30,}/],
  ["a signed token", /\beyJ[A-Za-z0-9_-]{8,}\./],
  ["a secret of a webhook", /\bwhsec_/],
  ["a header that authorises", /\b(?:bearer|basic)\s+\S{8}/i],
  ["a URL with a login", /:\/\/[^/\s@]{1,200}@/],
  ["a URL with a query, which may hold a key", /:\/\/[^\s?#]{1,200}[?#]/],
  ["a password with its name", /\b(?:password|passwd|secret|token|api[_-]?key)\s{0,3}[=:]/i],
  ["a key", /[A-Fa-f0-9]{64}|[A-Za-z0-9+/_]{80}/],
];

/** Which secret a text looks like, in words; undefined where it looks like none. */
export function secretShape(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}
