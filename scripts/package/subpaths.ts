import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Imports by `#` name as paths (`#network/address.ts` as `../network/address.ts`): the compiler leaves such names alone, and
 * what is published has another manifest and no `.ts`.
 *
 * @param scope the directory whose package.json says that `#*` is `./*`
 */
export function withoutSubpaths(text: string, file: string, scope: string): string {
  return text.replaceAll(/(\bfrom |\bimport\(|^import )"#([^"]+)"/gm, (_, before: string, name: string) => {
    const path = relative(dirname(file), join(scope, name));
    return `${before}"${path.startsWith(".") ? path : `./${path}`}"`;
  });
}

/** A directory of sources with a package.json of its own, or else the checkout. */
export function scopeOf(checkout: string, sources: string): string {
  return existsSync(join(checkout, sources, "package.json")) ? join(checkout, sources) : checkout;
}
