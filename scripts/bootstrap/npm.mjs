import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDirectory } from "./lock.mjs";
import { showProgress } from "./progress.mjs";

const tailLines = 20;
/** Where Debian's npm has the packages that it is made of; only Debian's own Node looks there by itself. */
const debianModules = "/usr/share/nodejs";
const args = [
  "ci",
  "--ignore-scripts",
  // An operator's NODE_ENV=production must not leave out what the scripts are made of.
  "--include=dev",
  "--include=optional",
  "--no-audit",
  "--no-fund",
];

/** Runs `npm ci` with this Node; what npm says goes to a log file, whose end is shown when it fails. */
export async function npmCi(node, directory, label) {
  const script = findNpm();
  const logs = join(cacheDirectory(), "logs");
  mkdirSync(logs, { recursive: true });
  const log = join(logs, "npm-ci.log");
  const stop = showProgress(label);
  const code = await run([node, script, ...args], directory, log);
  stop(code === 0);
  if (code === 0) return;
  const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-tailLines).join("\n  ");
  throw new Error(`npm ci failed (exit code ${code}). The end of ${log}:\n  ${tail}`);
}

function run([command, ...rest], cwd, log) {
  const output = openSync(log, "w");
  const env = existsSync(debianModules) ? { ...process.env, NODE_PATH: debianModules } : process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { cwd, env, stdio: ["ignore", output, output] });
    child.on("error", (error) => reject(new Error(`${command} does not start: ${error.message}.`)));
    child.on("exit", (code) => resolve(code ?? 1));
  }).finally(() => closeSync(output));
}

/** npm's own script: the one that called us under `npm run`, which need not be the one on PATH. */
function findNpm() {
  const caller = process.env.npm_execpath;
  if (caller?.endsWith("npm-cli.js") && existsSync(caller)) return caller;
  for (const directory of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    const file = join(directory, "npm");
    if (!existsSync(file)) continue;
    const script = realpathSync(file);
    if (script.endsWith(".js")) return script;
  }
  throw new Error("There is no npm on PATH: install npm 9 or newer, and run the command again with npm run.");
}
