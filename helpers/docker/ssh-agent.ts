/** HTTP over `ssh … docker system dial-stdio`: how Docker's own command line reaches a host. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

/** sshd lets ten sessions share a connection (MaxSessions); leave room for other users of it. */
const maxSessions = 4;

/** Makes the connections of one `ssh://user@host:port`, with the operator's ssh and its configuration. */
export class SshAgent extends Agent {
  readonly #arguments: readonly string[];
  readonly #host: string;

  constructor(host: string, sshOptions: readonly string[]) {
    super({ keepAlive: true, maxSockets: maxSessions });
    this.#host = host;
    this.#arguments = sshArguments(host, sshOptions);
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#host, spawn("ssh", this.#arguments, { stdio: ["pipe", "pipe", "pipe"] }));
  }
}

export function sshArguments(host: string, sshOptions: readonly string[]): string[] {
  const url = new URL(host);
  const user = url.username === "" ? [] : ["-l", decodeURIComponent(url.username)];
  const port = url.port === "" ? [] : ["-p", url.port];
  // "--": a host name must never be read as an option.
  return [...sshOptions, ...user, ...port, "-T", "--", url.hostname, "docker", "system", "dial-stdio"];
}

/** A child's standard streams as one stream that node:http takes for a socket. */
class SshConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #complaint = "";

  constructor(host: string, child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(-2000);
    });
    // The exit status tells what went wrong; the broken pipe says only that something did.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => this.destroy(error));
    child.on("close", (code) => {
      if (code === 0 || this.destroyed) this.push(null);
      else this.destroy(new Error(`${host}: ${this.#complaint.trim() || `ssh ended with ${String(code)}`}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill();
    // The shared connection lives on and holds the other end: left open, this process would wait for it.
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    done(error);
  }

  // What node:http calls on a socket and a pipe has no use for.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
