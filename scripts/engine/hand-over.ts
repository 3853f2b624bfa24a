import { execa } from "execa";
import { checkout } from "#helpers/files/directories.ts";
import type { Session } from "./session.ts";

/** Commands of the stack that write the settings file beside the project, which must not be the checkout's. */
const besideProject = new Set(["init", "rm", "rename", "change-secrets-provider"]);

/** Runs `pulumi <args>` with this terminal, as if typed by the person; returns its exit code. */
export async function handOver(session: Session, args: readonly string[]): Promise<number> {
  const engine = execa(session.toolchain.pulumi, args, {
    cwd: directoryFor(session, args),
    env: session.environment,
    extendEnv: false,
    reject: false,
    stdio: "inherit",
    cleanup: false,
  });
  // On a terminal Ctrl-C reaches the engine by itself; without one it has to be passed on.
  const pass = (signal: NodeJS.Signals): void => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) engine.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  const ended = await engine;
  for (const signal of signals) process.off(signal, pass);
  return ended.exitCode ?? 1;
}

function directoryFor({ estate }: Session, args: readonly string[]): string {
  const [command, subcommand = ""] = args.filter((arg) => !arg.startsWith("-"));
  return command === "stack" && besideProject.has(subcommand) ? estate.files.directory : checkout;
}
