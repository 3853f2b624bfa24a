/** A secret as it may turn up somewhere. */
interface Spelling {
  readonly name: string;
  readonly text: string;
}

/**
 * Every spelling in which a secret may turn up. Base64 depends on what stands before the secret in the same text: the
 * middle, which is the same for each of the three cases, is what is looked for.
 */
export function spellingsOf(secret: string): Spelling[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => middleOf(bytes, offset));
  const all = [
    { name: "plain", text: secret },
    ...base64.map((text, offset) => ({ name: `base64 at ${String(offset)}`, text })),
    ...base64.map((text, offset) => ({
      name: `base64url at ${String(offset)}`,
      text: text.replaceAll("+", "-").replaceAll("/", "_"),
    })),
    { name: "hex", text: bytes.toString("hex") },
    { name: "HEX", text: bytes.toString("hex").toUpperCase() },
    { name: "URL", text: encodeURIComponent(secret) },
    { name: "JSON", text: JSON.stringify(secret).slice(1, -1) },
    { name: "JSON in JSON", text: JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1) },
  ];
  return [...new Map(all.map((spelling) => [spelling.text, spelling])).values()];
}

/** The part of a text's base64 that whole groups of three bytes make, when `offset` bytes stand before it. */
function middleOf(bytes: Buffer, offset: number): string {
  const from = (3 - offset) % 3;
  const whole = bytes.subarray(from, from + Math.floor((bytes.length - from) / 3) * 3);
  return whole.toString("base64");
}
