import { flagsIn } from "./mounts.ts";
import type { Properties } from "./properties.ts";

/**
 * Says how the driver options of a volume reach beyond it, or undefined when they do not. Of the options only the
 * ones that carry no password are repeated.
 */
export function reachOf(driver: string | undefined, options: Properties): string | undefined {
  const given = new Map(options.entries().map(({ name, value }) => [name.toLowerCase(), value]));
  return isLocal(driver) ? reachOfLocal(given) : reachOfPlugin(driver ?? "", given);
}

function isLocal(driver = ""): boolean {
  return /^(?:|local)$/i.test(driver.trim());
}

/** The local driver hands type, device and o to mount(2). */
function reachOfLocal(options: ReadonlyMap<string, string>): string | undefined {
  const fileSystem = (options.get("type") ?? "").trim().toLowerCase();
  const device = options.get("device") ?? "";
  const flags = flagsIn(options.get("o"));
  if (flags.includes("bind") || flags.includes("rbind")) return `a bind mount of ${JSON.stringify(device)}`;
  if (/^(nfs4?|cifs|smb3?|smbfs)$/.test(fileSystem)) return `a network share (type ${fileSystem})`;
  if (fileSystem === "tmpfs") return undefined;
  if (fileSystem !== "" && fileSystem !== "none")
    return `a file system of type ${fileSystem} on ${JSON.stringify(device)}`;
  return device === "" ? undefined : `a mount of ${JSON.stringify(device)}`;
}

/** Options by which drivers of other makers are told which place of which machine to mount. */
const PLACES = new Set(
  (
    "sshcmd share source src device mountpoint mount path hostpath host_path bind remote remotepath remote_path server " +
    "host endpoint url addr address nfsopts exportpath export bucket"
  ).split(" "),
);
/** A path, `user@host:path`, `//server/share`, or an address with a scheme. */
const PLACE = /^\/|^[\w.-]+@[^\s:]+:|^[\w.-]+:\/|^\\\\|^[a-z][\w+.-]*:\/\//i;

/** A driver that is not Docker's own reaches wherever it is told to, with the rights of the daemon. */
function reachOfPlugin(driver: string, options: ReadonlyMap<string, string>): string | undefined {
  const place = [...options].find(
    ([name, value]) => value.trim() !== "" && (PLACE.test(value.trim()) || PLACES.has(name.trim())),
  );
  if (place === undefined) return undefined;
  const what = place[1].trim().startsWith("/") ? "a path of the host" : "a place outside of the program";
  return `option ${place[0]} of the driver ${driver}, ${what}`;
}
