/** Bits of a value of `length` characters, each drawn at random from an alphabet of `size` characters. */
export function bitsOf(length: number, size: number): number {
  return size > 1 && length > 0 ? length * Math.log2(size) : 0;
}

/** Shannon entropy of a text in bits for each character: 0 for one repeated character, about 6 for random base64. */
export function entropyOf(text: string): number {
  if (text === "") return 0;
  const counts = new Map<number, number>();
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  const shares = [...counts.values()].map((count) => count / text.length);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
}

/** The shortest piece without separators that can be told from a word. */
const LEAST = 12;

/**
 * Whether a value reads as drawn at random: one of its pieces changes between digits, small and capital letters too
 * often for a word, a version or a name. Random text of small letters only passes as a word.
 */
export function looksRandom(value: string): boolean {
  return value.split(/[-_./:,\s]/).some(isRandomPiece);
}

function isRandomPiece(piece: string): boolean {
  if (piece.length < LEAST || entropyOf(piece) < 2.8) return false;
  const kinds = Array.from(piece, kindOf);
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  // Without digits it may be words written together, each with a capital.
  return changes / piece.length >= (kinds.includes("digit") ? 0.25 : 0.4);
}

function kindOf(character: string): "digit" | "small" | "capital" | "other" {
  if (character >= "0" && character <= "9") return "digit";
  if (character >= "a" && character <= "z") return "small";
  return character >= "A" && character <= "Z" ? "capital" : "other";
}
