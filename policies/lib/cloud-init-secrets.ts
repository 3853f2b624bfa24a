import { gunzipSync, constants } from "node:zlib";

import type { FoundSecret } from "./secret-patterns.ts";
import { secretsInText } from "./secret-patterns.ts";

/** A secret in the data that a machine is born with. */
export interface FirstBootSecret {
  readonly kind: string;
  /** How it is wrapped, from the outside in: for instance `base64, gzip`; empty when in clear. */
  readonly wrapping: string;
  /** Whether it is an SSH host key of a machine whose data declares that key to be used once. */
  readonly oneUse: boolean;
}

// Azure takes 64 KiB; anything that grows far beyond it was made to.
const LARGEST = 4 * 1024 * 1024;
const DEEPEST = 6;
const MOST_PARTS = 500;
const PRIVATE_KEY = "a private key";
const LONGEST_KEY = 8000;

const DECLARED = /^[ \t\f\v]*#\s*garrison\.birth-key:\s*one-use\s*$/m;
const HOST_KEY = /(?:ssh_host_\w+_key\b|\b(?:rsa|dsa|ecdsa|ed25519)_private\s*:)[^\0]{0,400}$/;

/** 40 characters of base64 or more, also when wrapped into indented lines; not the boundary behind them. */
const BASE64 =
  /[A-Za-z0-9+/_-]{40,}(?:[ \t]*\r?\n[ \t]*(?!--)[A-Za-z0-9+/_-]{4,}(?![A-Za-z0-9+/_-]|={0,2}[ \t]*[^\s=]))*={0,2}/g;

/** A text in custom data or user data. */
interface FirstBootText {
  readonly text: string;
  readonly wrapping: readonly string[];
}

/** All texts of custom data or user data, and how many were too large to be unpacked. */
export interface FirstBootTexts {
  readonly texts: readonly FirstBootText[];
  readonly bombs: number;
}

/**
 * The secrets in custom data or user data, each once, wherever it stands.
 * @param declared whether the machine declares elsewhere that its host key is used once
 */
export function secretsInFirstBootData(data: string, declared = false): readonly FirstBootSecret[] {
  return secretsInTexts(textsInFirstBootData(data), declared);
}

/** The same of data that was unwrapped already. */
export function secretsInTexts({ texts, bombs }: FirstBootTexts, declared: boolean): readonly FirstBootSecret[] {
  const oneUse = declared || texts.some(({ text }) => DECLARED.test(text));
  const found = new Map<string, FirstBootSecret>();
  for (const { text, wrapping } of texts) {
    for (const secret of secretsInText(text)) {
      const { kind, offset } = secret;
      const isHostKey = kind === PRIVATE_KEY && HOST_KEY.test(text.slice(Math.max(0, offset - 500), offset));
      const one = { kind, wrapping: wrapping.join(", "), oneUse: oneUse && isHostKey };
      const value = `${String(one.oneUse)} ${valueOf(text, secret)}`;
      if (!found.has(value)) found.set(value, one);
    }
  }
  const bomb = { kind: "a bomb of compressed data", wrapping: "base64, gzip", oneUse: false };
  return [...Array.from({ length: bombs }, () => bomb), ...found.values()];
}

/**
 * The texts in custom data or user data: base64 around all of it or around a file in it, gzip inside of that, the parts of
 * a multipart message, and each of them in each other. Reading stops at a size that no such data has.
 */
export function textsInFirstBootData(data: string): FirstBootTexts {
  const layers: FirstBootText[] = [{ text: data.slice(0, LARGEST), wrapping: [] }];
  let left = LARGEST;
  let bombs = 0;
  const packed = data.slice(0, LARGEST).replaceAll(/\s+/g, "");
  const whole = /^[A-Za-z0-9+/_-]{8,39}={0,2}$/.test(packed) ? unwrap(packed, left) : undefined;
  if (typeof whole === "object") layers.push(whole);
  const texts: FirstBootText[] = [];
  for (let next = layers.shift(); next !== undefined && texts.length < MOST_PARTS; next = layers.shift()) {
    texts.push(next);
    if (next.wrapping.length >= DEEPEST) continue;
    for (const [encoded] of next.text.matchAll(BASE64)) {
      // The word that ends a heredoc looks like one line more.
      const inner =
        unwrap(encoded, left) ?? (encoded.includes("\n") ? unwrap(withoutLastLine(encoded), left) : undefined);
      if (inner === "bomb") bombs += 1;
      if (inner === undefined || inner === "bomb") continue;
      left -= inner.text.length;
      layers.push({ text: inner.text, wrapping: [...next.wrapping, ...inner.wrapping] });
    }
  }
  return { texts, bombs };
}

function withoutLastLine(encoded: string): string {
  return encoded.slice(0, encoded.lastIndexOf("\n"));
}

/** What makes two places one secret. Of a private key the detector names the first line only. */
function valueOf(text: string, { kind, offset, length }: FoundSecret): string {
  if (kind !== PRIVATE_KEY) return text.slice(offset, offset + length);
  const [key = ""] = text.slice(offset + length, offset + length + LONGEST_KEY).split("-----END", 1);
  return key.replace(/\\[rn]|\s/g, "");
}

function unwrap(encoded: string, left: number): { text: string; wrapping: string[] } | "bomb" | undefined {
  const bytes = Buffer.from(encoded.replace(/\s/g, ""), "base64");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const text = decompress(bytes, left);
    return typeof text === "string" ? { text, wrapping: ["base64", "gzip"] } : text?.problem;
  }
  const text = bytes.toString("utf8");
  return isText(text) ? { text, wrapping: ["base64"] } : undefined;
}

/** Also what is left of data that was cut short. */
function decompress(bytes: Buffer, left: number): string | { problem: "bomb" } | undefined {
  try {
    const options = { maxOutputLength: Math.max(1, left), finishFlush: constants.Z_SYNC_FLUSH };
    return gunzipSync(bytes, options).toString("utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? { problem: "bomb" } : undefined;
  }
}

/** Random bytes, such as a key in base64, are no text; base64 in a text decodes to some. */
function isText(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return text.length > 0 && !/[\0-\x08\x0e-\x1a\ufffd]/.test(text);
}
