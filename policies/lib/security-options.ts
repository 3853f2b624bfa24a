import type { Properties } from "./properties.ts";

interface SecurityOption {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** The daemon takes `name=value` and, as it always has, `name:value`. */
export function securityOptions(container: Properties): SecurityOption[] {
  return container.texts("securityOpts").flatMap(({ path, value: text }) => {
    const at = text.search(/[=:]/);
    if (at < 0) return [];
    return [{ name: text.slice(0, at).trim().toLowerCase(), value: text.slice(at + 1).trim(), path }];
  });
}

/** Of an option that is given more than once the daemon lets the last win. */
export function lastOption(container: Properties, name: string): SecurityOption | undefined {
  return securityOptions(container).findLast((option) => option.name === name);
}
