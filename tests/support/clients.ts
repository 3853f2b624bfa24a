import { execa } from "execa";
import { commandIn } from "./packets.ts";
import type { Namespace } from "./packets.ts";

/** What became of a request: the body, or curl's own words about what went wrong. */
interface Fetched {
  readonly ok: boolean;
  readonly text: string;
}

/** A request by the host's curl from a namespace, by an address and to a name that is not looked up there. */
export async function fetchFrom(from: Namespace, url: string, ...options: readonly string[]): Promise<Fetched> {
  const [file, ...args] = commandIn(from, ["curl", "-sS", "--max-time", "15", ...options, url]);
  const { exitCode, stdout, stderr } = await execa(file, args, { reject: false });
  return { ok: exitCode === 0, text: exitCode === 0 ? stdout : stderr };
}
