import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory } from "./lock.mjs";
import { npmCi } from "./npm.mjs";

/** The first Node that runs TypeScript without a flag. */
const oldest = [22, 18];
const platform = `${process.platform}-${process.arch}`;
const packagePath = `node_modules/node-${platform}`;
// Not through node_modules/.bin: npm 10 was seen to make no link there for a program called node.
const bundled = fileURLToPath(new URL(`../../${packagePath}/bin/node`, import.meta.url));

/** The Node from the lock file; where npm has none for this platform, the one that runs now if it is new enough. */
export function findNode() {
  if (existsSync(bundled)) return bundled;
  if (isNewEnough()) return process.execPath;
  throw tooOld();
}

/**
 * The Node to run npm with. An old one would leave out optional packages that ask for a newer one, so the Node of the
 * lock file is fetched by itself first.
 */
export async function findInstaller(lockedPackages) {
  if (isNewEnough()) return process.execPath;
  const entry = lockedPackages[packagePath];
  if (entry === undefined) throw tooOld();
  const directory = join(cacheDirectory(), "node", `v${entry.version}`);
  const file = join(directory, packagePath, "bin/node");
  // npm's list is written last: without it the file may be half a Node.
  if (!existsSync(join(directory, "node_modules/.package-lock.json")) || !existsSync(file)) {
    mkdirSync(directory, { recursive: true });
    const own = { name: "garrison-node", version: "0.0.0", dependencies: { [`node-${platform}`]: entry.version } };
    const lock = { lockfileVersion: 3, requires: true, packages: { "": own, [packagePath]: entry } };
    writeFileSync(join(directory, "package.json"), JSON.stringify(own));
    writeFileSync(join(directory, "package-lock.json"), JSON.stringify({ ...own, ...lock }));
    await npmCi(process.execPath, directory, `Fetching Node ${entry.version}`);
  }
  return file;
}

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function tooOld() {
  return new Error(
    `Garrison needs Node ${oldest.join(".")} or newer to run TypeScript; this is Node ${process.versions.node}, and ` +
      `the lock file brings none for ${platform}. Install Node 24 and run the command again.`,
  );
}
