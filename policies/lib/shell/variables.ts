import type { SyntaxNode } from "unbash";

import type { Stream, Word } from "./script.ts";
import { joined } from "./script.ts";

const LONGEST_VALUE = 16_384;
const MOST_ELEMENTS = 2000;

/** What a process of a script knows by name: variables, what they were filled with, functions and aliases. */
export class Variables {
  /** Never changed but replaced, so that a call can keep it. */
  environment: ReadonlyMap<string, string>;
  readonly functions = new Map<string, SyntaxNode>();
  readonly #values = new Map<string, string | readonly string[]>();
  readonly #sources = new Map<string, Stream>();
  readonly #aliases = new Map<string, readonly Word[]>();

  constructor(environment: ReadonlyMap<string, string>) {
    this.environment = environment;
  }

  /** The same for a process of its own, whose changes stay in it. */
  copy(): Variables {
    const copy = new Variables(this.environment);
    for (const [name, value] of this.functions) copy.functions.set(name, value);
    for (const [name, value] of this.#values) copy.#values.set(name, value);
    for (const [name, value] of this.#sources) copy.#sources.set(name, value);
    for (const [name, value] of this.#aliases) copy.#aliases.set(name, value);
    return copy;
  }

  get size(): number {
    return this.#values.size;
  }

  get(name: string): string | readonly string[] | undefined {
    return this.#values.get(name) ?? this.environment.get(name);
  }

  text(name: string): string {
    const value = this.get(name);
    return typeof value === "string" ? value : "";
  }

  source(name: string): Stream | undefined {
    return this.#sources.get(name);
  }

  set(name: string, text: string | undefined, from: Stream): void {
    if (text === undefined) this.#values.delete(name);
    else this.#values.set(name, text.slice(0, LONGEST_VALUE));
    if (this.environment.has(name) && text !== undefined) this.#inherit(name, text);
    if (from.fetched.length > 0) this.#sources.set(name, from);
    else this.#sources.delete(name);
  }

  setList(name: string, elements: readonly string[], append: boolean): void {
    const before = append ? [this.#values.get(name) ?? []].flat() : [];
    this.#values.set(name, [...before, ...elements].slice(0, MOST_ELEMENTS));
  }

  /** `$0`, `$1`, … and all of them. */
  setArguments(args: readonly string[]): void {
    if (args.length === 0) return;
    for (const [index, value] of args.entries()) this.#values.set(String(index), value);
    this.#values.set("@", args.slice(1));
    this.#values.set("*", args.slice(1));
  }

  /** `export A=b`, `local a`, … */
  declare(word: Word, how: string): void {
    const [, name = word.text, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word.text) ?? [];
    if (value !== undefined) this.set(name, value, joined(word.from));
    const known = this.#values.get(name);
    if (how === "export" && typeof known === "string") this.#inherit(name, known);
  }

  alias(definition: string): void {
    const [, name, value = ""] = /^([^=]+)=([^]*)$/.exec(definition) ?? [];
    if (name === undefined) return;
    const words = value.split(/\s+/).map((text): Word => ({ text, from: [] }));
    this.#aliases.set(name, words);
  }

  unaliased(words: readonly Word[]): readonly Word[] {
    const alias = this.#aliases.get(words[0]?.text ?? "");
    return alias === undefined ? words : [...alias, ...words.slice(1)];
  }

  #inherit(name: string, value: string): void {
    this.environment = new Map([...this.environment, [name, value]]);
  }
}
