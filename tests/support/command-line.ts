import { Command } from "commander";
import { vi } from "vitest";

class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${String(code)}`);
    this.code = code;
  }
}

/** What a command said, and the code it ended with. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command of `npm run` in this process: most of what a command line costs is the start of Node. Not for one that
 * asks for its directory or environment.
 */
export async function runCommand(register: (program: Command) => void, ...args: string[]): Promise<Answer> {
  const out: string[] = [];
  const err: string[] = [];
  const mocks = [
    vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text))),
    vi.spyOn(console, "error").mockImplementation((text) => err.push(String(text))),
    vi.spyOn(process, "exit").mockImplementation((code) => {
      throw new Exit(Number(code));
    }),
  ];
  const program = new Command("garrison").enablePositionalOptions().configureOutput({
    writeOut: (text) => out.push(text),
    writeErr: (text) => err.push(text),
  });
  register(program);
  const before = process.exitCode;
  try {
    process.exitCode = 0;
    await program.parseAsync(["node", "garrison", ...args]);
    return { code: process.exitCode, out: out.join("\n"), err: err.join("\n") };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, out: out.join("\n"), err: err.join("\n") };
  } finally {
    process.exitCode = before;
    for (const mock of mocks) mock.mockRestore();
  }
}
