import { randomBytes } from "node:crypto";

interface RandomIdentifier {
  readonly id: string;
  readonly b64Std: string;
  readonly b64Url: string;
  readonly dec: string;
  readonly hex: string;
}

/** Random bytes in four spellings, each after the prefix; the id is the bare one that is safe in a URL. */
export function randomIdentifier(byteLength: number, prefix = ""): RandomIdentifier {
  const bytes = randomBytes(byteLength);
  const hex = bytes.toString("hex");
  const url = bytes.toString("base64url");
  return {
    id: url,
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + url,
    dec: `${prefix}${BigInt(`0x${hex}`)}`,
    hex: prefix + hex,
  };
}

/** A version 7 UUID (RFC 9562): milliseconds since 1970, then random bits, so that ids sort by their time. */
export function uuidVersion7(now = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
