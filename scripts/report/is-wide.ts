import { isPublicBlock } from "#policies/lib/addresses.ts";

/** Whether a block has more public addresses than those of one site: a /16 or wider, or everybody. */
export function isWide(from: string): boolean {
  if (/^(internet|any|\*|0\.0\.0\.0|::)$/i.test(from.trim())) return true;
  const prefix = Number(from.split("/")[1] ?? "32");
  return prefix === 0 || (prefix <= 16 && isPublicBlock(from));
}
