import { posix } from "node:path";
import { parse } from "unbash";
import type {
  Assignment,
  CommandNode,
  CompoundList,
  Command as CommandSyntax,
  Word as WordSyntax,
  Redirection,
  ParsedScript,
  Statement,
  SyntaxNode,
  TestExpression,
} from "unbash";

import { bounded } from "./bounded.ts";
import { expand, expandWhole } from "./expand.ts";
import type { Scope } from "./expand.ts";
import { effectsOf } from "./effects.ts";
import { outputOf } from "./output.ts";
import { redirected } from "./redirections.ts";
import type { Call, Script, Stream, Word } from "./script.ts";
import { emptyScript, joined, nothing } from "./script.ts";
import { Variables } from "./variables.ts";
import { innerOf } from "./wrappers.ts";

const DEEPEST = 12;
const MOST_CALLS = 10_000;
/** Characters that are read anew, in substitutions and in texts within texts. */
const MOST_READ = 16_000_000;
/** What is nested is read again at every level. */
const NESTED = 5;
const MOST_TURNS = 8;

/** What a script is started with. */
export interface Start {
  readonly stdin?: Stream | undefined;
  readonly environment?: ReadonlyMap<string, string>;
  readonly directory?: string | undefined;
}

/** Reads a shell text as the shell would run it: every branch once, with the values that the text itself gives. */
export function readScript(text: string, start: Start = {}): Script {
  const script = emptyScript();
  const reader = new Reader(script, start);
  reader.run(text, start.stdin ?? nothing);
  return script;
}

/** A process of the script: its variables, its directory, and the files that all of them share. */
export class Reader {
  readonly script: Script;
  readonly files: Map<string, Stream>;
  readonly #depth: number;
  readonly #variables: Variables;
  readonly #budget: { left: number };
  directory: string | undefined;
  /** What the running compound command reads. */
  #stdin: Stream = nothing;

  constructor(
    script: Script,
    start: Start,
    files = new Map<string, Stream>(),
    depth = 0,
    budget = { left: MOST_READ },
    variables?: Variables,
  ) {
    this.script = script;
    this.files = files;
    this.#variables = variables ?? new Variables(new Map(start.environment));
    this.directory = start.directory;
    this.#depth = depth;
    this.#budget = budget;
  }

  /** Whether there is work left. */
  #spend = (characters: number): boolean => {
    this.#budget.left -= characters;
    const isLeft = this.#budget.left > 0 && this.script.calls.length < MOST_CALLS;
    if (!isLeft) this.script.isCut = true;
    return isLeft;
  };

  /** Runs a text in this process. */
  run(text: string, stdin: Stream): Stream {
    if (this.#depth > DEEPEST || !this.#spend(text.length)) return nothing;
    const cut = bounded(text);
    this.script.isCut ||= cut.isCut;
    return this.#within(stdin, () => this.#statements(parse(cut.text).commands));
  }

  /** Runs a text in a process of its own, with the variables given as its arguments. */
  runApart(text: string, stdin: Stream, args: readonly string[] = [], elsewhere = false): Stream {
    const child = elsewhere ? new Reader(this.script, {}, new Map(), this.#depth + 1, this.#budget) : this.#child();
    child.#variables.setArguments(args);
    return child.run(text, stdin);
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

  #child(): Reader {
    this.#spend(this.#variables.size * 10);
    const start = { directory: this.directory };
    return new Reader(this.script, start, this.files, this.#depth + 1, this.#budget, this.#variables.copy());
  }

  #within(stdin: Stream, body: () => Stream): Stream {
    const before = this.#stdin;
    this.#stdin = stdin;
    try {
      return body();
    } finally {
      this.#stdin = before;
    }
  }

  readonly #scope: Scope = {
    variable: (name) => this.#variables.get(name) ?? this.#wellKnown(name),
    source: (name) => this.#variables.source(name),
    output: (part) => this.#substituted(part),
    spend: this.#spend,
  };

  #wellKnown(name: string): string | undefined {
    if (name === "PWD") return this.directory;
    if (name === "HOME") return "/home/user";
    if (name === "IFS") return " ";
    return undefined;
  }

  #substituted(part: { readonly text: string; readonly script: ParsedScript | undefined }): Stream {
    if (this.#depth > DEEPEST || !this.#spend(part.text.length * NESTED)) return nothing;
    const { script } = part;
    if (script === undefined) return nothing;
    const child = this.#child();
    return child.#within(nothing, () => child.#statements(script.commands));
  }

  #statements(statements: readonly Statement[]): Stream {
    const outputs = statements.map(({ command }) => this.#node(command, this.#stdin));
    return outputs.length === 1 ? (outputs[0] ?? nothing) : joined(outputs);
  }

  #list({ commands }: CompoundList): Stream {
    return this.#statements(commands);
  }

  /** Runs a command with an input, and gives what it prints. */
  #node(node: Statement["command"] | CommandNode | CompoundList, stdin: Stream): Stream {
    if (!this.#spend(1)) return nothing;
    switch (node.type) {
      case "Command":
        return this.#command(node, stdin);
      case "AndOr":
        return joined(node.commands.map((inner) => this.#node(inner, stdin)));
      case "Pipeline":
        return node.commands.reduce<Stream>((flowing, inner, index) => {
          // Each part of a pipeline is a process of its own; what it sets is gone when it ends.
          const process = node.commands.length > 1 ? this.#child() : this;
          return process.#node(inner, index === 0 ? stdin : flowing);
        }, stdin);
      case "Redirected": {
        const { input, writes } = this.#redirected(node.redirects, stdin);
        const output = this.#node(node.command, input);
        for (const { path, append } of writes) this.write(path, output, append);
        return writes.length > 0 ? nothing : output;
      }
      case "Function":
        this.#variables.functions.set(node.name.value, node.body);
        return nothing;
      case "Coproc":
        return this.#node(node.body, stdin);
      default:
        return this.#within(stdin, () => this.#compound(node));
    }
  }

  #compound(
    node: Exclude<CommandNode, { type: "Command" | "Redirected" | "Function" | "Coproc" }> | CompoundList,
  ): Stream {
    switch (node.type) {
      case "CompoundList":
        return this.#list(node);
      case "BraceGroup":
        return this.#list(node.body);
      case "Subshell": {
        const child = this.#child();
        return child.#within(this.#stdin, () => child.#list(node.body));
      }
      case "If": {
        const parts = [node.clause, node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then]), node.else];
        return joined(parts.map((part) => (part === undefined ? nothing : this.#list(part))));
      }
      case "While":
        return joined([this.#list(node.clause), this.#list(node.body)]);
      case "For":
      case "Select": {
        const turns = (node.wordlist ?? []).flatMap((word) => expand(word, this.#scope)).slice(0, MOST_TURNS);
        return joined(
          turns.map(({ text, from }) => {
            this.#set(node.name.value, text, joined(from));
            return this.#list(node.body);
          }),
        );
      }
      case "ArithmeticFor":
        return this.#list(node.body);
      case "Case":
        expandWhole(node.word, this.#scope);
        return joined(node.items.map(({ body }) => this.#list(body)));
      case "TestCommand":
        for (const word of wordsOf(node.expression)) expandWhole(word, this.#scope);
        return nothing;
      default:
        return nothing;
    }
  }

  #command(node: CommandSyntax, stdin: Stream): Stream {
    const { input, writes } = this.#redirected(node.redirects, stdin);
    const assigned = node.prefix.filter((one) => one.type === "Assignment");
    const words = [...(node.name === undefined ? [] : [node.name]), ...node.args].flatMap((word) =>
      word.type === "Assignment" ? [this.#assignment(word)] : expand(word, this.#scope),
    );
    if (words.length === 0) {
      for (const one of assigned) this.#assign(one);
      for (const { path, append } of writes) this.write(path, input, append);
      return nothing;
    }
    const environment = assigned.length === 0 ? this.#variables.environment : new Map(this.#variables.environment);
    for (const one of assigned)
      if (one.value.type === "Word")
        (environment as Map<string, string>).set(one.name, expandWhole(one.value, this.#scope).text);
    const output = this.call(
      this.#variables.unaliased(words),
      input,
      environment,
      writes.map(({ path }) => path),
    );
    for (const { path, append } of writes) this.write(path, output, append);
    return writes.length > 0 ? nothing : output;
  }

  /** Runs one command whose words are known. */
  call(
    words: readonly Word[],
    stdin: Stream,
    environment: ReadonlyMap<string, string> = this.#variables.environment,
    writes: readonly string[] = [],
  ): Stream {
    const program = words[0];
    if (program === undefined || !this.#spend(words.reduce((sum, { text }) => sum + text.length, 0))) return nothing;
    const name = posix.basename(program.text);
    const argv = words.map(({ text }) => text);
    const call: Call = { name, argv, words, stdin, environment, directory: this.directory, writes };
    this.script.calls.push(call);
    const body = this.#variables.functions.get(program.text);
    if (body !== undefined) return this.#function(body, argv, stdin);
    this.#builtin(name, words, stdin);
    const effect = effectsOf(call, this);
    const inner = this.#inner(name, words, stdin);
    if (inner !== undefined)
      return joined([inner, { fetched: effect?.fetched ?? [], text: effect === undefined ? "" : effect.text }]);
    return effect ?? outputOf(call, this.fileAt);
  }

  #function(body: SyntaxNode, argv: readonly string[], stdin: Stream): Stream {
    if (this.#depth > DEEPEST) return nothing;
    const child = this.#child();
    child.#variables.setArguments(argv);
    return child.#node(body as CommandNode, stdin);
  }

  #inner(name: string, words: readonly Word[], stdin: Stream): Stream | undefined {
    const inner = innerOf(name, words);
    if (inner === undefined || this.#depth > DEEPEST) return undefined;
    switch (inner.kind) {
      case "command":
        return this.#child().call(inner.words, stdin);
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
        return this.#child().call(filledIn(inner.words, name, stdin), name === "find" ? nothing : stdin);
    }
  }

  #builtin(name: string, words: readonly Word[], stdin: Stream): void {
    const argv = words.map(({ text }) => text);
    switch (name) {
      case "cd":
      case "pushd":
        this.directory = argv[1] === undefined || /^[-$]/.test(argv[1]) ? undefined : this.path(argv[1]);
        break;
      case "export":
      case "declare":
      case "typeset":
      case "local":
      case "readonly":
        for (const word of words.slice(1)) this.#variables.declare(word, name);
        break;
      case "read":
      case "mapfile":
      case "readarray":
        for (const variable of argv.slice(1).filter((word) => /^[A-Za-z_]\w*$/.test(word)))
          this.#set(variable, stdin.text?.trim(), stdin);
        break;
      case "set":
        if (argv[1] === "--") this.#variables.setArguments([this.#variables.text("0"), ...argv.slice(2)]);
        break;
      case "alias":
        for (const word of argv.slice(1)) this.#variables.alias(word);
        break;
      default:
    }
  }

  /** An assignment among a command's arguments, as `export A=b` has them. */
  #assignment(one: Assignment): Word {
    this.#assign(one);
    const value = one.value.type === "Word" ? expandWhole(one.value, this.#scope) : { text: "", from: [] };
    return { ...value, text: `${one.name}=${value.text}` };
  }

  #assign(one: Assignment): void {
    if (one.value.type === "ArrayValue") {
      const elements = one.value.elements.flatMap((word) => expand(word, this.#scope));
      this.#variables.setList(
        one.name,
        elements.map(({ text }) => text),
        one.append === true,
      );
      return;
    }
    const { text, from } = expandWhole(one.value, this.#scope);
    const before = one.append === true ? this.#variables.text(one.name) : "";
    this.#set(one.name, before + text, joined(from));
    this.script.calls.push({
      name: "",
      argv: [`${one.name}=${before + text}`],
      words: [],
      stdin: nothing,
      environment: new Map([[one.name, before + text]]),
      directory: this.directory,
      writes: [],
    });
  }

  #set(name: string, text: string | undefined, from: Stream): void {
    this.#spend(text?.length ?? 0);
    this.#variables.set(name, text, from);
  }

  #redirected(redirects: readonly Redirection[], stdin: Stream) {
    return redirected(redirects, stdin, this.#scope, this.fileAt);
  }
}

/** The words of a command that gets more from its input, which stand at `{}` or at the end. */
function filledIn(words: readonly Word[], by: string, stdin: Stream): Word[] {
  const given = (stdin.text ?? "")
    .split(/\s+/)
    .filter((one) => one !== "")
    .slice(0, 200);
  const isPlaced = words.some(({ text }) => text.includes("{}"));
  const fixed = words.map((word) =>
    word.text.includes("{}")
      ? { ...word, text: word.text.replaceAll("{}", given.join(" ")), from: [...word.from, stdin] }
      : word,
  );
  if (isPlaced || by === "find") return fixed;
  return [...fixed, ...(given.length === 0 ? [""] : given).map((text) => ({ text, from: [stdin] }))];
}

function wordsOf(expression: TestExpression): readonly WordSyntax[] {
  switch (expression.type) {
    case "TestUnary":
    case "TestNot":
      return expression.operand.type === "Word" ? [expression.operand] : wordsOf(expression.operand);
    case "TestBinary":
      return [expression.left, expression.right];
    case "TestLogical":
      return expression.operands.flatMap(wordsOf);
    case "TestGroup":
      return wordsOf(expression.expression);
  }
}
