import { gunzipSync, inflateSync } from "node:zlib";

import { words } from "./options.ts";
import type { Call, Stream } from "./script.ts";
import { joined, nothing } from "./script.ts";

/** Programs that hand on what they read, in whole or in part. */
const PASSING = words(
  "tee sed awk gawk mawk grep egrep fgrep tr head tail cut sort uniq envsubst dos2unix iconv pv sponge buffer rev tac fold fmt nl strings " +
    "jq yq mbuffer dd expand unexpand paste column",
);
const UNPACKING = words(
  "gunzip zcat gzip xz xzcat unxz bzip2 bunzip2 bzcat zstd zstdcat unzstd lz4 lzma funzip gpg age openssl",
);

const unseen = (paths: readonly string[]): Stream => ({ fetched: [], isUnseen: true, paths });

const LARGEST = 1024 * 1024;

/** What a command prints, as far as its own words, its input and the files that are known say. */
export function outputOf(call: Call, fileAt: (path: string) => Stream | undefined): Stream {
  const { name, argv, stdin } = call;
  const own = call.words
    .slice(1)
    .map(({ text, from }): Stream => ({ text, fetched: from.flatMap(({ fetched }) => fetched) }));
  switch (name) {
    case "echo":
      return line(
        joined(withoutFlags(own), " "),
        argv.slice(1).some((word) => /^-\w*e/.test(word)) || argv[1]?.includes("\\") === true,
      );
    case "printf":
      return printed(own);
    case "which":
    case "command":
    case "type":
      // Where a program lies says which one it is.
      return { text: argv.at(-1), fetched: [] };
    case "cat":
    case "zcat":
    case "bat": {
      const paths = argv.slice(1).filter((word) => word !== "-" && !/^-\w/.test(word));
      const inputs = call.words.slice(1).flatMap(({ input }) => (input === undefined ? [] : [input]));
      if (inputs.length > 0) return joined(inputs);
      return paths.length === 0 ? stdin : joined(paths.map((path) => fileAt(path) ?? unseen([path])));
    }
    case "tar":
    case "bsdtar":
    case "git":
      return argv.slice(1, 3).some((word) => /^-{0,2}\w*c|^archive$/.test(word))
        ? unseen(argv.slice(1).filter((word) => /^[/~]/.test(word)))
        : opaque(nothing);
    case "base64":
    case "base32":
    case "xxd":
    case "openssl":
      return isDecoding(name, argv)
        ? decoded(name, inputOf(call, fileAt))
        : name === "openssl"
          ? opaque(stdin)
          : opaque(inputOf(call, fileAt));
    default:
      if (name === "gunzip" || (name === "gzip" && argv.some((word) => /^-\w*d/.test(word)))) return unpacked(stdin);
      if (UNPACKING.has(name)) return opaque(inputOf(call, fileAt));
      if (PASSING.has(name)) return passed(name, call, fileAt);
      return opaque(nothing);
  }
}

const opaque = ({ fetched, paths }: Stream): Stream => ({ fetched, ...(paths !== undefined && { paths }) });

function withoutFlags(own: readonly Stream[]): readonly Stream[] {
  const first = own.findIndex(({ text }) => text === undefined || !/^-[neE]+$/.test(text));
  return first < 0 ? [] : own.slice(first);
}

function line(stream: Stream, escapes: boolean): Stream {
  if (stream.text === undefined) return stream;
  return { ...stream, text: `${escapes ? unescaped(stream.text) : stream.text}\n` };
}

/** The format with its `%s` filled, again for as long as there are words. */
function printed(own: readonly Stream[]): Stream {
  const [format, ...values] = own[0]?.text === "--" ? own.slice(1) : own;
  const fetched = own.flatMap((one) => one.fetched);
  if (format?.text === undefined || values.some(({ text }) => text === undefined)) return { fetched };
  const texts = values.map(({ text }) => text ?? "");
  let used = 0;
  let text = "";
  do {
    const before = used;
    text += unescaped(
      format.text.replace(/%(?:%|-?\d*(?:\.\d+)?[sbqdiux])/g, (found) =>
        found === "%%" ? "%" : (texts[used++] ?? ""),
      ),
    );
    if (used === before) break;
  } while (used < texts.length && text.length < LARGEST);
  return { text, fetched };
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|([nrtabfve\\"']))/g,
    (_: string, hex?: string, octal?: string, letter?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return ({ n: "\n", r: "\r", t: "\t" } as Record<string, string>)[letter ?? ""] ?? letter ?? "";
    },
  );
}

function inputOf(call: Call, fileAt: (path: string) => Stream | undefined): Stream {
  const named = call.argv
    .slice(1)
    .map(fileAt)
    .find((file) => file !== undefined);
  const paths = call.argv.slice(1).filter((word) => word.startsWith("/"));
  return named ?? (paths.length > 0 && call.stdin.text === undefined ? { ...call.stdin, paths } : call.stdin);
}

function isDecoding(name: string, argv: readonly string[]): boolean {
  return argv
    .slice(1)
    .some((word) => (name === "xxd" ? /^-\w*r/.test(word) : /^(-\w*[dD]|--d\w*|-decode)$/.test(word)));
}

function decoded(name: string, { text, fetched }: Stream): Stream {
  if (text === undefined) return { fetched };
  const bare = text.replace(/\s/g, "");
  const bytes = name === "xxd" ? Buffer.from(bare, "hex") : Buffer.from(bare, "base64");
  return { text: asText(bytes), fetched };
}

/** Bytes that are packed are kept as latin-1, so that the program that unpacks them finds them whole. */
function asText(bytes: Buffer): string {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes.toString("latin1") : bytes.toString("utf8");
}

function unpacked({ text, fetched }: Stream): Stream {
  if (text === undefined) return { fetched };
  try {
    const bytes = Buffer.from(text, "latin1");
    const unzip = bytes[0] === 0x1f ? gunzipSync : inflateSync;
    return { text: unzip(bytes, { maxOutputLength: LARGEST }).toString("utf8"), fetched };
  } catch {
    return { fetched };
  }
}

/** A filter may change the text; one that only picks lines or strips some is read as if it changed nothing. */
function passed(name: string, call: Call, fileAt: (path: string) => Stream | undefined): Stream {
  const input = inputOf(call, fileAt);
  if (name === "tee" || input.text === undefined) return name === "tee" ? call.stdin : input;
  if (name === "rev")
    return {
      ...input,
      text: input.text
        .split("\n")
        .map((row) => row.split("").reverse().join(""))
        .join("\n"),
    };
  const [from = "", to = ""] = call.argv.slice(1);
  if (name === "tr" && !from.startsWith("-")) return { ...input, text: translated(input.text, from, to) };
  return input;
}

/** `tr a-z A-Z` and rot13, which are what hides a text. */
function translated(text: string, from: string, to: string): string {
  const [before, after] = [letters(from), letters(to)];
  return text
    .split("")
    .map((letter) => {
      const at = before.indexOf(letter);
      return at < 0 ? letter : (after[at] ?? after.at(-1) ?? letter);
    })
    .join("");
}

function letters(set: string): string[] {
  const ranges = set.replace(/[[\]]/g, "").replace(/(.)-(.)/g, (_, first: string, last: string) => {
    const [start, end] = [first.charCodeAt(0), last.charCodeAt(0)];
    return end < start || end - start > 300
      ? ""
      : String.fromCharCode(...Array.from({ length: end - start + 1 }, (_, index) => start + index));
  });
  return ranges.split("");
}
