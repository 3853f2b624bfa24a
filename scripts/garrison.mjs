// What every `npm run` begins with. Plain JavaScript that Node 18 reads: it brings the packages and the Node that
// can run TypeScript, then hands over to scripts/cli.ts. Silent and quick when all is there.
import { installPackages, packagesAreCurrent } from "./bootstrap/packages.mjs";
import { findNode } from "./bootstrap/node.mjs";
import { runCli } from "./bootstrap/run.mjs";

const oldestOuterNode = 18;

async function main() {
  if (Number(process.versions.node.split(".")[0]) < oldestOuterNode) {
    throw new Error(
      `Node ${process.versions.node} is too old to begin with: install Node ${oldestOuterNode} or newer ` +
        `(Garrison then brings the one it runs on), for example with your package manager.`,
    );
  }
  if (!packagesAreCurrent()) await installPackages();
  return runCli(findNode(), process.argv.slice(2));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`✗ ${error.message}`);
    process.exitCode = 1;
  },
);
