/** Bytes of a point on a curve. */
const POINTS: Readonly<Record<string, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 };
const LEAST_RSA_BITS = 2048;

/**
 * Whether it is a public key on one line, as in a .pub file. Its inside is looked at too: a line that was cut, or that says
 * another type than the key is of, is one that ssh and sshd pass over without a word.
 */
export function isPublicKey(line: string): boolean {
  const [, type = "", base64 = ""] = /^(\S+) ([A-Za-z0-9+/]+={0,2})( [^\n\r]*)?$/.exec(line) ?? [];
  const bytes = Buffer.from(base64, "base64");
  if (base64 === "" || bytes.toString("base64") !== base64) return false;
  const fields = fieldsOf(bytes);
  return fields?.[0]?.toString("latin1") === type && isKeyOf(type, fields.slice(1));
}

/** Whether it is a machine's own public key, without a comment. */
export function isHostKey(line: string): boolean {
  return /^(ssh-ed25519|ecdsa-sha2-nistp\d{3}|ssh-rsa) \S+$/.test(line) && isPublicKey(line);
}

/** RFC 4253: each field after its length. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function isKeyOf(type: string, fields: readonly Buffer[]): boolean {
  const [one, other] = fields;
  const lengths = fields.map(({ length }) => length);
  if (type === "ssh-ed25519") return lengths.join() === "32";
  if (type === "sk-ssh-ed25519@openssh.com") return fields.length === 2 && lengths[0] === 32 && lengths[1] !== 0;
  const curve = /^(?:sk-)?ecdsa-sha2-(nistp\d{3})(?:@openssh\.com)?$/.exec(type)?.[1];
  if (curve !== undefined) {
    const hardware = type === "sk-ecdsa-sha2-nistp256@openssh.com";
    if (!hardware && type !== `ecdsa-sha2-${curve}`) return false;
    return (
      fields.length === (hardware ? 3 : 2) &&
      one?.toString("latin1") === curve &&
      other !== undefined &&
      other.length === POINTS[curve] &&
      other[0] === 4
    );
  }
  return type === "ssh-rsa" && fields.length === 2 && bitsOf(other) >= LEAST_RSA_BITS;
}

function bitsOf(number: Buffer | undefined): number {
  const digits = number?.toString("hex").replace(/^0+/, "") ?? "";
  return digits === "" ? 0 : BigInt(`0x${digits}`).toString(2).length;
}
