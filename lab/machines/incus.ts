import { request } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { problem } from "#helpers/terminal/report.ts";

/** Unpacking an image is the longest; what takes longer than this hangs. */
const operationSeconds = 180;

/** How Incus answers: at once, with an operation to wait for, or with an error. */
const answerSchema = z.object({
  type: z.enum(["sync", "async", "error"]),
  operation: z.string().optional(),
  error: z.string().optional(),
  error_code: z.number().optional(),
  metadata: z.unknown().optional(),
});

const operationSchema = z.object({ id: z.string(), status: z.string(), err: z.string().default("") });

/** A machine as Incus knows it; other fields are of no interest. */
export const instanceSchema = z.object({
  name: z.string(),
  status: z.string(),
  config: z.record(z.string(), z.string()).default({}),
  devices: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});
export type Instance = z.infer<typeof instanceSchema>;

/** A refusal of the daemon. */
class IncusError extends Error {
  readonly code: number;

  constructor(what: string, code: number, reason: string) {
    super(`${what}: ${reason}`);
    this.name = "IncusError";
    this.code = code;
  }
}

/** One Incus daemon, by its socket: nothing of what is sent is on a command line. */
export class Incus {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** Asks, or changes something and waits until it is done. @throws IncusError */
  async call<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const what = `${method} ${path}`;
    const answer = readAnswer(what, await this.#send(method, path, body));
    if (answer.type !== "async") return schema.parse(answer.metadata);
    const { id } = operationSchema.parse(answer.metadata);
    const ended = readAnswer(what, await this.#send("GET", `/1.0/operations/${id}/wait?timeout=${operationSeconds}`));
    const { status, err } = operationSchema.parse(ended.metadata);
    if (status === "Running") throw new IncusError(what, 504, `not done after ${String(operationSeconds)} seconds`);
    if (status !== "Success") throw new IncusError(what, 500, err === "" ? status : err);
    return schema.parse(null);
  }

  /** The same where only the change counts. */
  async change(method: string, path: string, body?: unknown): Promise<void> {
    await this.call(method, path, z.unknown(), body);
  }

  /** The answer; undefined where there is no such thing. */
  async find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      return await this.call("GET", path, schema);
    } catch (error) {
      if (error instanceof IncusError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Removes what is there; fine when nothing is. */
  async remove(path: string): Promise<void> {
    try {
      await this.change("DELETE", path);
    } catch (error) {
      if (!(error instanceof IncusError && error.code === 404)) throw error;
    }
  }

  /** Whether the daemon answers and has finished starting. */
  async answers(): Promise<boolean> {
    try {
      await this.change("GET", "/internal/ready");
      return true;
    } catch {
      return false;
    }
  }

  #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const payload = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          socketPath: this.#socket,
          method,
          path,
          headers: { "content-type": "application/json", "content-length": Buffer.byteLength(payload) },
        },
        (response) => {
          text(response).then((answer) => {
            resolve(JSON.parse(answer) as unknown);
          }, reject);
        },
      );
      asked.once("error", reject);
      asked.end(payload);
    });
  }
}

/** An answer of the daemon. @throws IncusError when it is a refusal */
export function readAnswer(what: string, value: unknown): z.infer<typeof answerSchema> {
  const answer = answerSchema.parse(value);
  if (answer.type !== "error") return answer;
  throw new IncusError(what, answer.error_code ?? 500, answer.error ?? "no reason given");
}

/** A refusal of the daemon as a report; any other error as it is. `log` is the daemon's. */
export function incusProblem(error: unknown, log: string): unknown {
  if (!(error instanceof IncusError)) return error;
  return problem("Incus refuses what the lab's machines need", {
    property: error.message.split(": ")[0] ?? "Incus",
    found: error.message,
    expected: "that it does so",
    fix: `less ${log}; then the same command again`,
  });
}
