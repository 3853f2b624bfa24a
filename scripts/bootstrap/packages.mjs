import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath } from "node:url";
import { cacheDirectory, holdLock } from "./lock.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
// npm writes this file last: what it lists was installed to the end.
const installedList = join(root, "node_modules/.package-lock.json");
const tailLines = 20;

/** Whether node_modules holds exactly what package-lock.json names for this platform. */
export function packagesAreCurrent() {
  const wanted = readPackages(join(root, "package-lock.json"));
  if (wanted === undefined) throw new Error("package-lock.json is missing or damaged: restore it with git checkout.");
  const installed = readPackages(installedList);
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    // The lock file lists optional packages of every platform; npm leaves out what does not fit this one.
    if (found === undefined) return entry.optional === true;
    return (
      found.version === entry.version &&
      found.integrity === entry.integrity &&
      existsSync(join(root, path, "package.json"))
    );
  });
}

/** `npm ci` with npm's own talk in a log file; waits when another run of ours is at it. */
export async function installPackages() {
  const release = await holdLock("packages", root, () => say("Another run is installing the packages; waiting for it"));
  try {
    if (packagesAreCurrent()) return;
    // An interrupted npm could leave the list of an earlier install behind.
    rmSync(installedList, { force: true });
    await runNpmCi();
    if (!packagesAreCurrent()) {
      throw new Error("npm ci ended well, but node_modules does not match package-lock.json: run npm ci to see why.");
    }
  } finally {
    release();
  }
}

async function runNpmCi() {
  const logs = join(cacheDirectory(), "logs");
  mkdirSync(logs, { recursive: true });
  const log = join(logs, "npm-ci.log");
  const stop = showProgress("Installing the packages of package-lock.json (first run only)");
  const code = await npm(
    // An operator's NODE_ENV=production must not leave out what the scripts are made of.
    ["ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"],
    log,
  );
  stop(code === 0);
  if (code === 0) return;
  const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-tailLines).join("\n  ");
  throw new Error(`npm ci failed (exit code ${code}). The end of ${log}:\n  ${tail}`);
}

function npm(args, log) {
  const output = openSync(log, "w");
  // Under `npm run` this names the npm that called us, which need not be the one on PATH.
  const script = process.env.npm_execpath;
  const command = script?.endsWith(".js") ? [process.execPath, script, ...args] : ["npm", ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { cwd: root, stdio: ["ignore", output, output] });
    child.on("error", (error) => reject(new Error(`npm does not start: ${error.message}. Install npm 9 or newer.`)));
    child.on("exit", (code) => resolve(code ?? 1));
  }).finally(() => closeSync(output));
}

/** A line that moves on a terminal, a line every ten seconds elsewhere. The tidy version needs the packages first. */
function showProgress(label) {
  const started = Date.now();
  const moving = process.stderr.isTTY === true;
  const text = () => `${label} · ${Math.round((Date.now() - started) / 1000)} s`;
  if (!moving) say(`${label} …`);
  const timer = setInterval(
    () => (moving ? process.stderr.write(`\r\u001b[2K  ${text()}`) : say(text())),
    moving ? 250 : 10_000,
  );
  return (succeeded) => {
    clearInterval(timer);
    process.stderr.write(`${moving ? "\r\u001b[2K" : ""}${succeeded ? "✓" : "✗"} ${text()}\n`);
  };
}

function say(text) {
  process.stderr.write(`  ${text}\n`);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
