import { posix } from "node:path";

import type { Script, Stream } from "./script.ts";
import { joined, nothing } from "./script.ts";
import { Variables } from "./variables.ts";

const DEEPEST = 12;
const MOST_CALLS = 20_000;
/** Characters that are read anew, in substitutions and in texts within texts. */
const MOST_READ = 32_000_000;

/** What a script is started with. */
export interface Start {
  readonly stdin?: Stream | undefined;
  readonly environment?: ReadonlyMap<string, string>;
  readonly directory?: string | undefined;
}

/** What all processes of a script share. */
interface Shared {
  readonly script: Script;
  readonly files: Map<string, Stream>;
  /** What was copied to other machines; which one is not told apart. */
  readonly remote: Map<string, Stream>;
  readonly budget: { left: number };
}

/** A process of a script: its variables, its directory and its input, and the files that it shares with others. */
export class Process {
  readonly variables: Variables;
  directory: string | undefined;
  /** What the running compound command reads. */
  stdin: Stream = nothing;
  readonly #shared: Shared;
  readonly #depth: number;

  private constructor(shared: Shared, variables: Variables, directory: string | undefined, depth: number) {
    this.#shared = shared;
    this.variables = variables;
    this.directory = directory;
    this.#depth = depth;
  }

  static first(script: Script, { environment, directory }: Start): Process {
    const shared = {
      script,
      files: new Map<string, Stream>(),
      remote: new Map<string, Stream>(),
      budget: { left: MOST_READ },
    };
    return new Process(shared, new Variables(new Map(environment)), directory, 0);
  }

  /** A process that starts with what this one has, and whose changes stay in it. */
  child(): Process {
    this.spend(this.variables.size * 10);
    return new Process(this.#shared, this.variables.copy(), this.directory, this.#depth + 1);
  }

  /** A process on another machine or in another root, where our variables, files and directory are not. */
  elsewhere(): Process {
    const shared = { ...this.#shared, files: this.#shared.remote };
    return new Process(shared, new Variables(new Map()), undefined, this.#depth + 1);
  }

  get script(): Script {
    return this.#shared.script;
  }

  get files(): Map<string, Stream> {
    return this.#shared.files;
  }

  get remote(): Map<string, Stream> {
    return this.#shared.remote;
  }

  get isTooDeep(): boolean {
    return this.#depth > DEEPEST;
  }

  /** Whether there is work left. */
  spend = (characters: number): boolean => {
    const { budget, script } = this.#shared;
    budget.left -= characters;
    const isLeft = budget.left > 0 && script.calls.length < MOST_CALLS;
    if (!isLeft) script.isCut = true;
    return isLeft;
  };

  variable = (name: string): string | readonly string[] | undefined =>
    this.variables.get(name) ?? this.#wellKnown(name);

  set(name: string, text: string | undefined, from: Stream): void {
    this.spend(text?.length ?? 0);
    this.variables.set(name, text, from);
  }

  path(path: string): string {
    const home = path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, "/home/user");
    return home.startsWith("/") || home.startsWith("$")
      ? posix.normalize(home)
      : posix.join(this.directory ?? ".", home);
  }

  fileAt = (path: string): Stream | undefined => this.files.get(this.path(path));

  write(path: string, stream: Stream, append = false): void {
    const at = this.path(path);
    const whole = append ? joined([this.files.get(at) ?? { text: "", fetched: [] }, stream]) : stream;
    this.files.set(at, whole);
    for (const one of stream.fetched) one.file ??= posix.basename(at);
    if (whole.text !== undefined && whole.text !== "") this.script.files.push({ path: at, text: whole.text });
  }

  within(stdin: Stream, body: () => Stream): Stream {
    const before = this.stdin;
    this.stdin = stdin;
    try {
      return body();
    } finally {
      this.stdin = before;
    }
  }

  #wellKnown(name: string): string | undefined {
    if (name === "PWD") return this.directory;
    if (name === "HOME") return "/home/user";
    if (name === "IFS") return " ";
    return undefined;
  }
}
