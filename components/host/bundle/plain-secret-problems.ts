import { gunzipSync } from "node:zlib";
import type { Problem } from "#components/lib/problems.ts";
import type { HostFile, HostSpec } from "./host-spec.ts";

const NAME = String.raw`[\w.-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|secret[_-]?key|access[_-]?key|private[_-]?key)`;
/** A path, a variable, a placeholder, a template: not the value itself. */
const ELSEWHERE = String.raw`(?![/$%<{&*]|\.\/|file:|env:)`;

/** What a secret looks like, whatever it is called. */
const SIGNS: readonly (readonly [what: string, sign: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/],
  ["a private key", /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/],
  ["a token", /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|sk_live_|hf_|npm_|AKIA|ASIA|AIza)[\w-]{16,}/],
  ["a token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ["a token", /\bauthorization["']?\s*[:= ]\s*["']?(?:bearer|basic|token)\s+(?![$%<{])[\w+/=.~-]{8,}/i],
  ["a password's hash", /\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2(?:id|i|d)|scrypt)\$[\w./+=,$-]{20,}/],
  ["a password in an address", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'$%<{]*:(?![$%<{])[^\s/@"']{3,}@/i],
  [
    "a password",
    new RegExp(
      String.raw`(?:^|[\s"'{,;])${NAME}["']?[ \t]*(?:=|:(?=[ \t]|["']))[ \t]*["']?${ELSEWHERE}[^\s"',;}]{8,}`,
      "im",
    ),
  ],
];

/**
 * What of a machine's texts is a secret without being marked as one: it would be shown in differences and lie in custom
 * data. Counted as it reads, and as it reads after base64 and gzip. The value of a file that is marked is one everywhere.
 */
export function plainSecretProblems(spec: HostSpec): Problem[] {
  const marked = (spec.files ?? []).filter(({ secret }) => secret === true);
  return plainTexts(spec).flatMap(({ property, text, expected }) => {
    const found = new Set(
      [text, ...decoded(text)].flatMap((one) => [
        ...SIGNS.flatMap(([what, sign]) => (sign.test(one) ? [what] : [])),
        ...marked.flatMap((file) => (holds(one, file) ? [`what ${file.path} holds, which is marked secret`] : [])),
      ]),
    );
    return [...found].map((what) => ({ property, found: `${what}, in clear`, expected }));
  });
}

interface PlainText {
  readonly property: string;
  readonly text: string;
  readonly expected: string;
}

const ELSE = "the path of a file below files that is marked secret";

function plainTexts({ files = [], units = [], nginx, sysctl = {} }: HostSpec): PlainText[] {
  const settings = units.flatMap(({ name, unit, service, timer, path, install }) =>
    Object.entries({ unit, service, timer, path, install }).flatMap(([section, values]) =>
      Object.entries(values ?? {}).map(([key, value]) => ({
        property: `units.${name}.${section}.${key}`,
        // `Environment=` quotes whole assignments.
        text: [value].flat().join("\n"),
        expected: ELSE,
      })),
    ),
  );
  return [
    ...files
      .filter(({ secret }) => secret !== true)
      .map(({ path, content }) => ({
        property: `files.${path}`,
        text: content,
        expected: "secret: true: what is not marked is shown in differences and lies in custom data",
      })),
    ...settings,
    ...Object.entries(nginx?.sites ?? {}).map(([name, text]) => ({
      property: `nginx.sites.${name}`,
      text,
      expected: ELSE,
    })),
    ...Object.entries(sysctl).map(([key, text]) => ({ property: `sysctl.${key}`, text, expected: ELSE })),
  ];
}

/** Shorter ones are words that occur by chance. */
function holds(text: string, { content }: HostFile): boolean {
  const value = content.trim();
  return value.length >= 8 && text.includes(value);
}

/** What the base64 in a text says, unpacked where it is packed, and again what is in that. */
function decoded(text: string, depth = 3): string[] {
  if (depth === 0) return [];
  const runs = text.match(/[A-Za-z0-9+/_-]{16,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]{4,})*={0,2}/g) ?? [];
  return runs.flatMap((run) => {
    const bytes = Buffer.from(run.replaceAll(/\s/g, ""), "base64");
    const inner = unpacked(bytes);
    return inner === undefined ? [] : [inner, ...decoded(inner, depth - 1)];
  });
}

/** @returns undefined where it is no text */
function unpacked(bytes: Buffer): string | undefined {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipped(bytes) : bytes;
  const text = plain?.toString("utf8");
  return text === undefined || text.includes("\uFFFD") ? undefined : text;
}

/** Not more than any file of a machine has. */
function gunzipped(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: 16 * 1024 ** 2 });
  } catch {
    return undefined;
  }
}
