import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The first Node that runs TypeScript without a flag. */
const oldest = [22, 18];
// Not through node_modules/.bin: npm 10 makes no link there for a program called node.
const platform = `${process.platform}-${process.arch}`;
const bundled = fileURLToPath(new URL(`../../node_modules/node-${platform}/bin/node`, import.meta.url));

/** The Node from the lock file; where npm has none for this platform, the one that runs now if it is new enough. */
export function findNode() {
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return process.execPath;
  throw new Error(
    `Garrison needs Node ${oldest.join(".")} or newer to run TypeScript; this is Node ${process.versions.node}, and the ` +
      `lock file brings none for ${platform}. Install Node 24 and run the command again.`,
  );
}
