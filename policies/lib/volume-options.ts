import type { Properties } from "./properties.ts";

/**
 * Says how the driver options of a volume reach beyond it, or undefined when they do not. Of the options only the
 * ones that carry no password are repeated.
 */
export function reachOf(driver: string | undefined, options: Properties): string | undefined {
  const given = new Map(options.entries().map(({ name, value }) => [name.toLowerCase(), value]));
  return driver === undefined || driver === "" || driver === "local"
    ? reachOfLocal(given)
    : reachOfPlugin(driver, given);
}

/** The local driver hands type, device and o to mount(2). */
function reachOfLocal(options: ReadonlyMap<string, string>): string | undefined {
  const fileSystem = (options.get("type") ?? "").trim().toLowerCase();
  const device = options.get("device") ?? "";
  const flags = (options.get("o") ?? "")
    .toLowerCase()
    .split(",")
    .map((flag) => flag.trim());
  if (flags.includes("bind") || flags.includes("rbind")) return `a bind mount of ${JSON.stringify(device)}`;
  if (/^(nfs4?|cifs|smb3?|smbfs)$/.test(fileSystem)) return `a network share (type ${fileSystem})`;
  if (fileSystem === "tmpfs") return undefined;
  if (fileSystem !== "" && fileSystem !== "none")
    return `a file system of type ${fileSystem} on ${JSON.stringify(device)}`;
  return device === "" ? undefined : `a mount of ${JSON.stringify(device)}`;
}

function reachOfPlugin(driver: string, options: ReadonlyMap<string, string>): string | undefined {
  const path = [...options].find(([, value]) => value.startsWith("/"));
  return path === undefined ? undefined : `option ${path[0]} of the driver ${driver}, a path of the host`;
}
