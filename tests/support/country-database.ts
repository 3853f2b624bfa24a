import ipaddr from "ipaddr.js";

/** A branch of the tree: a node, a country, or nobody. */
type Branch = Node | string | undefined;
type Node = [zero: Branch, one: Branch];

const MARKER = Buffer.from("\u00ab\u00cd\u00efMaxMind.com", "latin1");

/**
 * A database that says where IPv4 blocks are, as GeoIP2's of countries does: `{ "203.0.113.0/24": "NL" }`. By MaxMind's
 * published format 2.0, of which it has what nginx's module reads.
 */
export function countryDatabase(blocks: Readonly<Record<string, string>>): Buffer {
  const root: Node = [undefined, undefined];
  for (const [block, country] of Object.entries(blocks)) insert(root, block, country);
  const nodes = inOrder(root);
  const data = new Map<string, Buffer>();
  const offsetOf = (country: string): number => {
    const before = [...data].findIndex(([known]) => known === country);
    const own = before === -1 ? [...data.values()] : [...data.values()].slice(0, before);
    if (before === -1) data.set(country, map({ country: map({ iso_code: text(country) }) }));
    return own.reduce((sum, { length }) => sum + length, 0);
  };
  const record = (branch: Branch): number => {
    if (branch === undefined) return nodes.length;
    if (typeof branch === "string") return nodes.length + 16 + offsetOf(branch);
    return nodes.indexOf(branch);
  };
  const tree = Buffer.concat(nodes.flatMap(([zero, one]) => [uint(record(zero), 3), uint(record(one), 3)]));
  const metadata = map({
    binary_format_major_version: number(5, 2, 2),
    binary_format_minor_version: number(5, 0, 2),
    build_epoch: Buffer.concat([Buffer.from([0x04, 0x02]), uint(1_764_547_200, 4)]),
    database_type: text("GeoLite2-Country"),
    description: map({ en: text("countries of a test") }),
    ip_version: number(5, 4, 2),
    languages: Buffer.concat([Buffer.from([0x01, 0x04]), text("en")]),
    node_count: number(6, nodes.length, 4),
    record_size: number(5, 24, 2),
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data.values(), MARKER, metadata]);
}

function insert(root: Node, block: string, country: string): void {
  const [address, length] = ipaddr.parseCIDR(block);
  const bits = [...address.toByteArray()].flatMap((byte) => Array.from(byte.toString(2).padStart(8, "0"), Number));
  const path = bits.slice(0, length);
  const last = path.pop() as 0 | 1;
  let node = root;
  for (const bit of path as (0 | 1)[]) {
    const next = node[bit];
    if (typeof next === "string") throw new Error(`${block} is in a block that is said already`);
    const made: Node = next ?? [undefined, undefined];
    node[bit] = made;
    node = made;
  }
  node[last] = country;
}

function inOrder(node: Node): Node[] {
  return [node, ...node.flatMap((branch) => (Array.isArray(branch) ? inOrder(branch) : []))];
}

/** A value begins with its type in three bits and its length in five. */
function number(type: number, value: number, bytes: number): Buffer {
  return Buffer.concat([Buffer.from([(type << 5) | bytes]), uint(value, bytes)]);
}

function text(value: string): Buffer {
  if (value.length >= 29) throw new Error(`${value} is longer than its length can be said in five bits`);
  return Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)]);
}

function map(fields: Readonly<Record<string, Buffer>>): Buffer {
  const pairs = Object.entries(fields).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([Buffer.from([(7 << 5) | (pairs.length / 2)]), ...pairs]);
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
