import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** Runs the command line with this Node until it ends; signals reach it, its exit code is ours. */
export function runCli(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [cli, ...args], { stdio: "inherit", env: environment() });
    for (const signal of forwarded) process.on(signal, () => forward(child, signal));
    child.on("error", (error) => {
      reject(new Error(`${node} does not start: ${error.message}. Remove node_modules and run the command again.`));
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

// On a terminal Ctrl-C reaches the whole foreground group by itself; a second copy would mean "stop at once" to Pulumi.
function forward(child, signal) {
  if (signal === "SIGINT" && inForeground()) return;
  child.kill(signal);
}

function inForeground() {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[2] === fields[5];
  } catch {
    return process.stdin.isTTY === true;
  }
}

/** The environment of the command line: Node's own HTTP client asks for the proxy only when told to. */
function environment() {
  const env = { ...process.env };
  const proxied = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some((name) => env[name]);
  if (!proxied) return env;
  const own = env.no_proxy ?? env.NO_PROXY;
  const direct = [own, "localhost", "127.0.0.1", "::1"].filter(Boolean).join(",");
  return { ...env, NODE_USE_ENV_PROXY: "1", NO_PROXY: direct, no_proxy: direct };
}
