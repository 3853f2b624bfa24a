import { posix } from "node:path";
import { parse } from "unbash";
import type { Assignment, Command as CommandSyntax, ParsedScript, Redirection, SyntaxNode } from "unbash";

import { bounded } from "./bounded.ts";
import { builtin } from "./builtins.ts";
import { effectsOf } from "./effects.ts";
import type { Desk } from "./effects.ts";
import { expand, expandWhole } from "./expand.ts";
import type { Scope } from "./expand.ts";
import { outputOf } from "./output.ts";
import { Process } from "./process.ts";
import type { Start } from "./process.ts";
import { redirected } from "./redirections.ts";
import type { Redirected } from "./redirections.ts";
import type { Call, Script, Stream, Word } from "./script.ts";
import { emptyScript, joined, nothing } from "./script.ts";
import { walk, walkStatements } from "./walk.ts";
import type { Walker } from "./walk.ts";
import { innerOf } from "./wrappers.ts";

/** What is nested is read again at every level. */
const NESTED = 5;
const MOST_GIVEN = 200;

/** Reads a shell text as the shell would run it: every branch once, with the values that the text itself gives. */
export function readScript(text: string, start: Start = {}): Script {
  const script = emptyScript();
  new Reader(Process.first(script, start)).run(text, start.stdin ?? nothing);
  return script;
}

/** The same for a program and its words. */
export function readWords(words: readonly string[], start: Start = {}): Script {
  const script = emptyScript();
  const reader = new Reader(Process.first(script, start));
  reader.call(
    words.map((text) => ({ text, from: [] })),
    start.stdin ?? nothing,
  );
  return script;
}

/** Runs texts and commands in a process. */
class Reader implements Walker, Desk {
  readonly process: Process;
  readonly scope: Scope;

  constructor(process: Process) {
    this.process = process;
    this.scope = {
      variable: process.variable,
      source: (name) => process.variables.source(name),
      output: (part) => this.#substituted(part),
      spend: process.spend,
    };
  }

  readonly child = (): Reader => new Reader(this.process.child());
  readonly fileAt = (path: string): Stream | undefined => this.process.fileAt(path);
  readonly path = (path: string): string => this.process.path(path);
  readonly write = (path: string, stream: Stream, append?: boolean): void => {
    this.process.write(path, stream, append);
  };

  get script(): Script {
    return this.process.script;
  }

  get files(): Map<string, Stream> {
    return this.process.files;
  }

  get remote(): Map<string, Stream> {
    return this.process.remote;
  }

  get directory(): string | undefined {
    return this.process.directory;
  }

  /** Runs a text in this process. */
  readonly run = (text: string, stdin: Stream): Stream => {
    if (this.process.isTooDeep || !this.process.spend(text.length)) return nothing;
    const cut = bounded(text);
    this.script.isCut ||= cut.isCut;
    return this.process.within(stdin, () => walkStatements(parse(cut.text).commands, this));
  };

  /** Runs a text in a process of its own, with the variables given as its arguments. */
  readonly runApart = (text: string, stdin: Stream, args: readonly string[] = [], elsewhere = false): Stream => {
    const process = elsewhere ? this.process.elsewhere() : this.process.child();
    process.variables.setArguments(args);
    return new Reader(process).run(text, stdin);
  };

  readonly redirected = (redirects: readonly Redirection[], stdin: Stream): Redirected =>
    redirected(redirects, stdin, this.scope, this.fileAt);

  readonly command = (node: CommandSyntax, stdin: Stream): Stream => {
    const { input, writes } = this.redirected(node.redirects, stdin);
    const assigned = node.prefix.filter((one) => one.type === "Assignment");
    const words = [...(node.name === undefined ? [] : [node.name]), ...node.args].flatMap((word) =>
      word.type === "Assignment" ? [this.#assignment(word)] : expand(word, this.scope),
    );
    if (words.length === 0) {
      for (const one of assigned) this.#assign(one);
      for (const { path, append } of writes) this.write(path, input, append);
      return nothing;
    }
    const output = this.call(
      this.process.variables.unaliased(words),
      input,
      this.#environmentOf(assigned),
      writes.map(({ path }) => path),
    );
    for (const { path, append } of writes) this.write(path, output, append);
    return writes.length > 0 ? nothing : output;
  };

  /** Runs one command whose words are known. */
  call(
    words: readonly Word[],
    stdin: Stream,
    environment: ReadonlyMap<string, string> = this.process.variables.environment,
    writes: readonly string[] = [],
  ): Stream {
    const program = words[0];
    const size = words.reduce((sum, { text }) => sum + text.length, 0);
    if (program === undefined || !this.process.spend(size)) return nothing;
    const name = posix.basename(program.text);
    const argv = words.map(({ text }) => text);
    const call: Call = { name, argv, words, stdin, environment, directory: this.directory, writes };
    this.script.calls.push(call);
    const body = this.process.variables.functions.get(program.text);
    if (body !== undefined) return this.#function(body, argv, stdin);
    builtin(name, words, stdin, this.process);
    const effect = effectsOf(call, this);
    const inner = this.#inner(name, words, stdin);
    if (inner !== undefined)
      return joined([inner, { fetched: effect?.fetched ?? [], text: effect === undefined ? "" : effect.text }]);
    return effect ?? outputOf(call, this.fileAt);
  }

  #function(body: SyntaxNode, argv: readonly string[], stdin: Stream): Stream {
    if (this.process.isTooDeep) return nothing;
    const child = this.child();
    child.process.variables.setArguments(argv);
    return walk(body, stdin, child);
  }

  /** The command or the text that a program runs which was handed to it. */
  #inner(name: string, words: readonly Word[], stdin: Stream): Stream | undefined {
    const inner = innerOf(name, words);
    if (inner === undefined || this.process.isTooDeep) return undefined;
    switch (inner.kind) {
      case "command":
        return this.child().call(inner.words, stdin);
      case "text": {
        const text = inner.texts.map((word) => word.text).join(" ");
        if (text === "") return nothing;
        if (name === "eval") return this.run(text, stdin); // In this process: what eval sets stays set.
        const at = words.findIndex((word) => word === inner.texts[0]);
        return this.runApart(text, stdin, at < 0 ? [] : words.slice(at + 1).map((word) => word.text), inner.elsewhere);
      }
      case "stdin":
        return stdin.text === undefined ? nothing : this.runApart(stdin.text, nothing, [], inner.elsewhere);
      case "xargs":
        return this.child().call(filledIn(inner.words, name, stdin), name === "find" ? nothing : stdin);
    }
  }

  #substituted({ text, script }: { readonly text: string; readonly script: ParsedScript | undefined }): Stream {
    if (this.process.isTooDeep || !this.process.spend(text.length * NESTED) || script === undefined) return nothing;
    const child = this.child();
    return child.process.within(nothing, () => walkStatements(script.commands, child));
  }

  #environmentOf(assigned: readonly Assignment[]): ReadonlyMap<string, string> {
    const { environment } = this.process.variables;
    if (assigned.length === 0) return environment;
    const own = assigned.flatMap((one): [string, string][] =>
      one.value.type === "Word" ? [[one.name, expandWhole(one.value, this.scope).text]] : [],
    );
    return new Map([...environment, ...own]);
  }

  /** An assignment among a command's arguments, as `export A=b` has them. */
  #assignment(one: Assignment): Word {
    this.#assign(one);
    const value = one.value.type === "Word" ? expandWhole(one.value, this.scope) : { text: "", from: [] };
    return { ...value, text: `${one.name}=${value.text}` };
  }

  #assign(one: Assignment): void {
    const { variables } = this.process;
    const append = one.append === true;
    if (one.value.type === "ArrayValue") {
      const elements = one.value.elements.flatMap((word) => expand(word, this.scope));
      variables.setList(
        one.name,
        elements.map(({ text }) => text),
        append,
      );
      return;
    }
    const { text, from } = expandWhole(one.value, this.scope);
    const value = (append ? variables.text(one.name) : "") + text;
    this.process.set(one.name, value, joined(from));
    this.script.calls.push({
      name: "",
      argv: [`${one.name}=${value}`],
      words: [],
      stdin: nothing,
      environment: new Map([[one.name, value]]),
      directory: this.directory,
      writes: [],
    });
  }
}

/** The words of a command that gets more from its input, which stand at `{}` or at the end. */
function filledIn(words: readonly Word[], by: string, stdin: Stream): Word[] {
  const given = (stdin.text ?? "")
    .split(/\s+/)
    .filter((one) => one !== "")
    .slice(0, MOST_GIVEN);
  const isPlaced = words.some(({ text }) => text.includes("{}"));
  const fixed = words.map((word) =>
    word.text.includes("{}")
      ? { ...word, text: word.text.replaceAll("{}", given.join(" ")), from: [...word.from, stdin] }
      : word,
  );
  if (isPlaced || by === "find") return fixed;
  return [...fixed, ...(given.length === 0 ? [""] : given).map((text) => ({ text, from: [stdin] }))];
}
