import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** First and last address, as numbers. */
type Span = readonly [bigint, bigint];
interface Block {
  readonly kind: "ipv4" | "ipv6";
  readonly span: Span;
}

const BITS = { ipv4: 32n, ipv6: 128n };

// What no stranger can send from. Reserved blocks count as public: some are in use, none is private.
const PRIVATE: readonly Block[] = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
  ...["224.0.0.0/4", "255.255.255.255/32", "0.0.0.0/8", "fc00::/7", "fe80::/10", "ff00::/8", "::1/128", "::/128"],
].flatMap((text) => blockOf(text) ?? []);

/** Tags for addresses that anybody can have: a machine in Azure's own ranges costs a few cents. */
const ANYBODY = /^(?:internet|any|azurecloud(?:\..+)?)$/i;
/** Services that send what any of their customers wants them to. */
const SERVICES_FOR_ALL =
  /^(?:actiongroup|apimanagement|appservice|azuredatabricks|azuredevops|azurefrontdoor(?:\.\w+)?|azuremachinelearning|azurespringcloud|datafactory|functionapp|guestandhybridmanagement|logicapps|powerplatform\w*|windowsvirtualdesktop)(?:\..+)?$/i;

const EVERYBODY = new Set(["*", "any", "internet", "0.0.0.0/0"]);

// As many addresses as these hold somebody else's machines, whoever the first of them belongs to.
const MANY = { ipv4: 1n << 24n, ipv6: 1n << 112n };

/** Whether a source, as a rule writes it, stands for the whole internet or so much of it that anybody is in it. */
export function isInternet(source: string): boolean {
  const text = source.trim();
  return text === "*" || text === "0.0.0.0" || text === "::" || ANYBODY.test(text) || areInternet([text]);
}

/** Whether a source is a service that sends for any of its customers. */
export function isAnybodysService(source: string): boolean {
  return SERVICES_FOR_ALL.test(source.trim());
}

/** Whether blocks add up to so much of the internet that anybody is in one of them. */
export function areInternet(sources: readonly string[]): boolean {
  const blocks = sources.flatMap((source) => blockOf(source.trim()) ?? []);
  return (["ipv4", "ipv6"] as const).some((kind) => {
    const spans = spansOf(blocks, kind);
    return count(spans) >= MANY[kind] && count(without(spans, spansOf(PRIVATE, kind))) >= MANY[kind];
  });
}

function count(spans: readonly Span[]): bigint {
  return spans.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
}

/** Whether a source is a public address or block: neither a tag nor a private network. */
export function isPublicBlock(source: string): boolean {
  const block = blockOf(source.trim());
  return block !== undefined && without([block.span], spansOf(PRIVATE, block.kind)).length > 0;
}

/** Whether every address of a block is in the others together. */
export function isWithin(source: string, blocks: readonly string[]): boolean {
  const inner = blockOf(source.trim());
  if (inner === undefined) return false;
  const outer = blocks.flatMap((one) => blockOf(one.trim()) ?? []);
  return without([inner.span], spansOf(outer, inner.kind)).length === 0;
}

/** Whether sources together take in all public addresses of another. */
export function covers(outer: readonly string[], inner: string): boolean {
  const wide = outer.map((one) => one.trim().toLowerCase());
  const narrow = inner.trim().toLowerCase();
  if (wide.some((one) => one === narrow || EVERYBODY.has(one))) return true;
  // A star, or a tag for everybody, is all of IPv4 at least.
  return isWithin(EVERYBODY.has(narrow) ? "0.0.0.0/0" : narrow, wide);
}

/** An address, a block in CIDR, or a first and a last address with a hyphen between them. */
function blockOf(text: string): Block | undefined {
  if (ipaddr.isValidCIDR(text)) {
    const [address, prefix] = ipaddr.parseCIDR(text);
    const kind = address.kind();
    const size = 1n << (BITS[kind] - BigInt(prefix));
    const first = (numberOf(address) / size) * size;
    return { kind, span: [first, first + size - 1n] };
  }
  const [first, last, ...more] = text.split("-").map((part) => addressOf(part.trim()));
  if (first === undefined || more.length > 0) return undefined;
  if (!text.includes("-")) return { kind: first.kind(), span: [numberOf(first), numberOf(first)] };
  if (last?.kind() !== first.kind() || numberOf(last) < numberOf(first)) return undefined;
  return { kind: first.kind(), span: [numberOf(first), numberOf(last)] };
}

function addressOf(text: string): Address | undefined {
  return ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.parse(text) : undefined;
}

function numberOf(address: Address): bigint {
  return address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function spansOf(blocks: readonly Block[], kind: Block["kind"]): Span[] {
  return merged(blocks.filter((block) => block.kind === kind).map(({ span }) => span));
}

function merged(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const before = kept.at(-1);
    if (before === undefined || span[0] > before[1] + 1n) kept.push(span);
    else kept[kept.length - 1] = [before[0], span[1] > before[1] ? span[1] : before[1]];
  }
  return kept;
}

function without(spans: readonly Span[], taken: readonly Span[]): readonly Span[] {
  return taken.reduce<readonly Span[]>(
    (left, [from, to]) =>
      left.flatMap(([first, last]): Span[] =>
        to < first || from > last
          ? [[first, last]]
          : ([[first, from - 1n] as const, [to + 1n, last] as const] as const).filter(([a, b]) => a <= b),
      ),
    spans,
  );
}
