import { gunzipSync } from "node:zlib";
import { fields, list } from "../json-values.ts";
import { quoted } from "../shell/quoted.ts";

import { documents } from "../compose-containers.ts";
import type { Place } from "./places.ts";

const LARGEST = 1024 * 1024;
const DEEPEST = 5;
const MOST_PARTS = 200;

/**
 * The texts in what a machine or a container is given: base64 and gzip around all of it or around a file in it, the parts
 * of a multipart message, the commands and the files of a cloud-config, the settings of an extension in JSON.
 */
export function unwrapped(place: Place, depth = 0): Place[] {
  if (depth > DEEPEST) return [];
  const again = (text: string, change: Partial<Place> = {}) => unwrapped({ ...place, ...change, text }, depth + 1);
  const inner = decodedOf(place.text);
  if (inner !== undefined) return again(inner);
  const parts = partsOf(place.text);
  if (parts.length > 0) return parts.flatMap((part) => again(part));
  if (/^#include(?:-once)?\b/.test(place.text.trimStart()))
    return [{ ...place, kind: "shell", text: included(place.text) }];
  if (/^\s*[{[]/.test(place.text)) return [place, ...ofJson(place, again)];
  if (/^(#cloud-config|##\s*template:\s*jinja\s*\n#cloud-config)/.test(place.text.trimStart()))
    return ofCloudConfig(place, again);
  return [place];
}

/** What cloud-init fetches to run it, as the command that it stands for. */
function included(text: string): string {
  const urls = text.split("\n").filter((line) => /^\s*https?:\/\//.test(line));
  return urls.map((url) => `curl ${quoted(url.trim())} | sh`).join("\n");
}

type Again = (text: string, change?: Partial<Place>) => Place[];

/** What base64 or gzip holds; undefined where the text is neither. */
function decodedOf(text: string): string | undefined {
  const bare = text.trim().replace(/^data:[^,]*;base64,/, "");
  if (text.startsWith("\x1f\x8b")) return unzipped(Buffer.from(text, "latin1"));
  if (
    bare.length < 12 ||
    bare.length > 4 * LARGEST ||
    !/^[A-Za-z0-9+/_\s-]+$/.test(bare.slice(0, 200).replace(/=*$/, "")) ||
    /[^A-Za-z0-9+/_=\s-]/.test(bare)
  )
    return undefined;
  if (/^[a-z0-9_-]+(\s+[a-z0-9_-]+)*$/i.test(bare) && /\s/.test(bare.replace(/\s*\n\s*/g, ""))) return undefined;
  const bytes = Buffer.from(bare.replace(/\s/g, ""), "base64");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return unzipped(bytes);
  const decoded = bytes.toString("utf8");
  // eslint-disable-next-line no-control-regex
  if (!/[\0-\x08\x0e-\x1a\ufffd]/.test(decoded)) return decoded;
  // PowerShell's own encoding.
  return bytes.length > 8 && bytes[1] === 0 && bytes[3] === 0 ? bytes.toString("utf16le") : undefined;
}

function unzipped(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST }).toString("utf8");
  } catch {
    return undefined;
  }
}

function partsOf(text: string): string[] {
  const boundary = /^content-type:\s*multipart\/[^\n]*(?:\n[ \t][^\n]*)*boundary="?([^";\s]+)/im.exec(
    text.slice(0, 4000),
  )?.[1];
  if (boundary === undefined) return [];
  return text
    .split(`--${boundary}`)
    .slice(1, MOST_PARTS)
    .flatMap((part) => {
      const [head = "", ...body] = part.replaceAll("\r\n", "\n").trimStart().split("\n\n");
      const content = body.join("\n\n").trim();
      if (content === "") return [];
      return [/transfer-encoding:\s*base64/i.test(head) ? Buffer.from(content, "base64").toString("utf8") : content];
    });
}

function ofJson(place: Place, again: Again): Place[] {
  let value: unknown;
  try {
    value = JSON.parse(place.text);
  } catch {
    return [];
  }
  const found: Place[] = [];
  const visit = (one: unknown, depth: number): void => {
    if (found.length > MOST_PARTS || depth > 8) return;
    if (typeof one === "string" && one.length > 8) found.push(...again(one));
    else if (typeof one === "object" && one !== null) for (const inner of Object.values(one)) visit(inner, depth + 1);
  };
  visit(value, 0);
  return found;
}

function ofCloudConfig(place: Place, again: Again): Place[] {
  const [config = {}] = documents(place.text);
  const shell = (text: string): Place => ({ ...place, text, kind: "shell" });
  const commands = ["bootcmd", "runcmd"].flatMap((name) => list(config[name]));
  const files = [...list(config.write_files), ...list(fields(config.cloud_init).write_files)].map(fields);
  const script = commands.map((one) =>
    Array.isArray(one) ? one.map((word) => quoted(String(word))).join(" ") : String(one),
  );
  const contents = files.flatMap((file) => {
    const content = typeof file.content === "string" ? file.content : "";
    const encoding = typeof file.encoding === "string" ? file.encoding : "";
    const bytes = /b(ase)?64/i.test(encoding) ? Buffer.from(content, "base64") : undefined;
    const text = bytes === undefined ? content : bytes[0] === 0x1f ? (unzipped(bytes) ?? "") : bytes.toString("utf8");
    return text === "" ? [] : [{ path: typeof file.path === "string" ? file.path : "", text }];
  });
  // One text, so that a command finds the files that were written before it.
  const heredocs = contents.map(
    ({ path, text }, index) =>
      `cat > ${quoted(path)} <<'GARRISON_${String(index)}'\n${text}\nGARRISON_${String(index)}\n`,
  );
  return [
    shell([...heredocs, ...script].join("\n")),
    ...[...userLines(config), ...passwordLines(config), ...aptLines(config)].map(shell),
    ...contents
      .filter(({ text }) => decodedOf(text) !== undefined)
      .flatMap(({ path, text }) => again(text, { file: path })),
  ];
}

/** Groups that a cloud-config puts its users in, as the commands that they stand for. */
function userLines(config: Readonly<Record<string, unknown>>): string[] {
  return list(config.users)
    .map(fields)
    .flatMap((user) => {
      const names = Array.isArray(user.groups)
        ? user.groups.map(String)
        : typeof user.groups === "string"
          ? user.groups.split(/\s*,\s*/)
          : [];
      return names.length === 0 ? [] : [`usermod -aG ${names.join(",")} ${quoted(String(user.name))}`];
    });
}

/** Passwords of users in clear, as the commands that they stand for. */
function passwordLines(config: Readonly<Record<string, unknown>>): string[] {
  const changed = fields(config.chpasswd);
  const given = [
    ...list(changed.users)
      .map(fields)
      .map(({ name, password, type }) => ({ name, password, type })),
    ...list(config.users)
      .map(fields)
      .map(({ name, plain_text_passwd: password }) => ({ name, password, type: "text" })),
  ].filter(({ password, type }) => typeof password === "string" && type !== "hash" && type !== "RANDOM");
  const lines = typeof changed.list === "string" ? changed.list.split("\n") : list(changed.list).map(String);
  return [
    ...given.map(({ name, password }) => `${String(name)}:${String(password)}`),
    ...lines.filter((line) => /^[\w.-]+:(?!R(?:ANDOM)?$|\$)/.test(line.trim())),
  ].map((line) => `chpasswd <<< ${quoted(line.trim())}`);
}

/** Sources of packages, as the files that they become. */
function aptLines(config: Readonly<Record<string, unknown>>): string[] {
  const { sources } = fields(config.apt);
  return Object.values(Array.isArray(sources) ? (sources as unknown[]) : fields(sources))
    .map((one) => fields(one).source)
    .filter((source): source is string => typeof source === "string")
    .map((source) => `echo ${quoted(source)} > /etc/apt/sources.list.d/cloud-init.list`);
}
