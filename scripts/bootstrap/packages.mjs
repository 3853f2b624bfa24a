import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { holdLock } from "./lock.mjs";
import { findInstaller } from "./node.mjs";
import { npmCi } from "./npm.mjs";
import { fitsPlatform } from "./platform.mjs";
import { say } from "./progress.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
// npm writes this file last: what it lists was installed to the end.
const installedList = join(root, "node_modules/.package-lock.json");

/** Whether node_modules holds exactly what package-lock.json names for this platform. */
export function packagesAreCurrent() {
  const wanted = wantedPackages();
  const installed = readPackages(installedList);
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return mayBeAbsent(entry);
    return (
      found.version === entry.version &&
      found.integrity === entry.integrity &&
      existsSync(join(root, path, "package.json"))
    );
  });
}

/** `npm ci`, unless another run of ours has done it meanwhile. */
export async function installPackages() {
  const release = await holdLock("packages", root, () => say("Another run is installing the packages; waiting for it"));
  try {
    if (packagesAreCurrent()) return;
    const node = await findInstaller(wantedPackages());
    // An interrupted npm could leave the list of an earlier install behind.
    rmSync(installedList, { force: true });
    await npmCi(node, root, "Installing the packages of package-lock.json (first run only)");
    if (!packagesAreCurrent()) {
      throw new Error("npm ci ended well, but node_modules does not match package-lock.json: run npm ci to see why.");
    }
  } finally {
    release();
  }
}

// The lock file lists optional packages of every platform. One without a platform belongs to one that has, and is left
// out with it.
function mayBeAbsent(entry) {
  if (entry.optional !== true) return false;
  const general = entry.os === undefined && entry.cpu === undefined && entry.libc === undefined;
  return general || !fitsPlatform(entry);
}

function wantedPackages() {
  const packages = readPackages(join(root, "package-lock.json"));
  if (packages !== undefined) return packages;
  throw new Error("package-lock.json is missing or damaged: restore it with git checkout package-lock.json.");
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
