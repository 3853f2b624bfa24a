/** Docker's answers, in words that say what to do. */
import type { Daemon } from "./daemon.ts";

const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EACCES",
  "EPERM",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

interface DockerFailure extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly reason?: string;
  readonly json?: { readonly message?: string };
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as DockerFailure).statusCode : undefined;
}

/** The daemon's own sentence, without the client's wrapping. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as DockerFailure).json?.message ?? error.message;
}

/** Passes on what the daemon says; says what to try when it says nothing. */
export async function speaking<T>(daemon: Daemon, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(daemon, what, error);
  }
}

function explained(daemon: Daemon, what: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const failure = error as DockerFailure;
  if (failure.statusCode !== undefined) {
    return new Error(`${what} on ${daemon.host}: ${messageOf(failure)}`, { cause: error });
  }
  const unreachable = connectionCodes.has(failure.code ?? "") || /socket hang up|^ssh:\/\//.test(failure.message);
  if (!unreachable) return error;
  return new Error(
    `no Docker daemon answers at ${daemon.host} (${failure.message}). ` +
      `See what it says with: docker --host ${daemon.host} version; npm run doctor names what this machine lacks`,
    { cause: error },
  );
}

/** The result, or undefined when the daemon does not know the thing. */
export async function ifExists<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
