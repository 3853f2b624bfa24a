import type { DoubleQuotedChild, ParameterExpansionPart, ParsedScript, Word as Syntax, WordPart } from "unbash";

import type { Stream, Word } from "./script.ts";

/** What the words of a script depend on. */
export interface Scope {
  /** The value of a variable; undefined when it is not known. */
  readonly variable: (name: string) => string | readonly string[] | undefined;
  /** What a variable was filled with that came from elsewhere. */
  readonly source: (name: string) => Stream | undefined;
  /** Runs a substitution, and gives what it prints. */
  readonly output: (part: { readonly text: string; readonly script: ParsedScript | undefined }) => Stream;
  /** Whether there is work left for as many characters: reading what is nested takes time at every level. */
  readonly spend: (characters: number) => boolean;
}

interface Piece {
  readonly text: string;
  /** A boundary of words may be at the white space in it. */
  readonly splits: boolean;
  /** An array in double quotes, or a brace expansion: each element is a word. */
  readonly list?: readonly string[];
  readonly from: readonly Stream[];
  readonly input?: Stream;
}

const MOST_WORDS = 2000;
const LONGEST = 65_536;

/** The words that a word of the text becomes: none, one or several. */
export function expand(word: Syntax, scope: Scope): Word[] {
  if (word.parts === undefined) return [{ text: word.value, from: [] }];
  const pieces = word.parts.flatMap((part) => pieceOf(part, scope));
  let fields: { text: string; from: Stream[]; input?: Stream; kept: boolean }[] = [{ text: "", from: [], kept: false }];
  for (const piece of pieces) {
    const last = fields.at(-1);
    if (last === undefined) break;
    last.from.push(...piece.from);
    if (piece.input !== undefined) last.input = piece.input;
    const texts = piece.list ?? (piece.splits ? piece.text.split(/[ \t\n]+/) : [piece.text]);
    const [first = "", ...others] = texts;
    last.text = (last.text + first).slice(0, LONGEST);
    if (!piece.splits && texts.length > 0) last.kept = true;
    const room = MOST_WORDS - fields.length;
    fields = [
      ...fields,
      ...others.slice(0, room).map((text) => ({ text, from: [...piece.from], kept: !piece.splits })),
    ];
  }
  return fields
    .filter(({ text, kept }) => text !== "" || kept)
    .map(({ text, from, input }) => ({ text, from, ...(input && { input }) }));
}

/** A word where no splitting happens: an assignment, a redirection. */
export function expandWhole(word: Syntax | undefined, scope: Scope): Word {
  if (word === undefined) return { text: "", from: [] };
  if (word.parts === undefined) return { text: word.value, from: [] };
  return expandParts(word.parts, scope);
}

export function expandParts(parts: readonly WordPart[], scope: Scope): Word {
  const pieces = parts.flatMap((part) => pieceOf(part, scope));
  const input = pieces.find((piece) => piece.input !== undefined)?.input;
  const text = pieces.map((piece) => piece.list?.join(" ") ?? piece.text).join("");
  return { text: text.slice(0, LONGEST), from: pieces.flatMap(({ from }) => from), ...(input && { input }) };
}

function pieceOf(part: WordPart, scope: Scope): Piece[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ text: part.value, splits: false, from: [] }];
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts.length === 0
        ? [{ text: "", splits: false, from: [] }]
        : part.parts
            .flatMap((inner: DoubleQuotedChild) => pieceOf(inner, scope))
            .map((piece) => ({ ...piece, splits: false }));
    case "SimpleExpansion":
      return [variable(part.text.slice(1), part.text, scope)];
    case "ParameterExpansion":
      return [parameter(part, scope)];
    case "CommandExpansion": {
      const output = scope.output(part);
      return [
        { text: output.text?.replace(/\n+$/, "") ?? part.text, splits: output.text !== undefined, from: [output] },
      ];
    }
    case "ProcessSubstitution": {
      const output = scope.output(part);
      return [{ text: part.text, splits: false, from: [], ...(part.operator === "<" && { input: output }) }];
    }
    case "BraceExpansion": {
      const list = braces(part.text);
      return [{ text: part.text, splits: false, from: [], list }];
    }
    default:
      return [{ text: part.text, splits: false, from: [] }];
  }
}

function variable(name: string, written: string, scope: Scope): Piece {
  const value = scope.variable(name);
  const source = scope.source(name);
  const from = source === undefined ? [] : [source];
  if (value === undefined) return { text: written, splits: false, from };
  if (typeof value === "string") return { text: value, splits: true, from };
  return { text: value.join(" "), splits: true, list: value, from };
}

function parameter(part: ParameterExpansionPart, scope: Scope): Piece {
  const piece = variable(part.parameter, part.text, scope);
  const known = scope.variable(part.parameter) !== undefined;
  if (!scope.spend(part.text.length * 5)) return piece;
  const { operation } = part;
  if (part.prefix !== undefined) return { ...piece, text: part.text };
  if (operation === undefined) return piece;
  switch (operation.type) {
    case "Default": {
      const isEmpty = piece.text === "" && operation.operator.startsWith(":");
      if (operation.operator.endsWith("?")) return piece;
      const wantsOperand = operation.operator.endsWith("+") ? !isEmpty : !known || isEmpty;
      if (!wantsOperand) return operation.operator.endsWith("+") ? { ...piece, text: "" } : piece;
      const operand = expandWhole(operation.operand, scope);
      return { text: operand.text, splits: true, from: operand.from };
    }
    case "CaseModification":
      return {
        ...piece,
        text: operation.operator.startsWith("^")
          ? upper(piece.text, operation.operator)
          : lower(piece.text, operation.operator),
      };
    case "Replace": {
      const [pattern, replacement] = [
        expandWhole(operation.pattern, scope).text,
        expandWhole(operation.replacement, scope).text,
      ];
      if (!known || /[*?[\]]/.test(pattern) || pattern === "") return piece;
      return {
        ...piece,
        text:
          operation.operator === "//"
            ? piece.text.replaceAll(pattern, replacement)
            : piece.text.replace(pattern, replacement),
      };
    }
    case "Remove": {
      const pattern = expandWhole(operation.operand, scope).text;
      return known ? { ...piece, text: removed(piece.text, operation.operator, pattern) } : piece;
    }
    case "Slice": {
      const offset = Number(expandWhole(operation.offset, scope).text);
      const length = operation.length === undefined ? undefined : Number(expandWhole(operation.length, scope).text);
      if (!known || Number.isNaN(offset) || Number.isNaN(length ?? 0)) return piece;
      return { ...piece, text: piece.text.slice(offset).slice(0, length) };
    }
    default:
      return piece;
  }
}

function upper(text: string, operator: string): string {
  return operator === "^^" ? text.toUpperCase() : text.charAt(0).toUpperCase() + text.slice(1);
}

function lower(text: string, operator: string): string {
  return operator === ",," ? text.toLowerCase() : text.charAt(0).toLowerCase() + text.slice(1);
}

/** `${x##*\/}`, `${x%.tgz}`: a star at the far end, or none. */
function removed(text: string, operator: string, pattern: string): string {
  const front = operator.startsWith("#");
  const fixed = front ? pattern.replace(/^\*/, "") : pattern.replace(/\*$/, "");
  if (fixed === "" || /[*?[\]]/.test(fixed)) return text;
  if (fixed === pattern) {
    if (front) return text.startsWith(fixed) ? text.slice(fixed.length) : text;
    return text.endsWith(fixed) ? text.slice(0, -fixed.length) : text;
  }
  const longest = operator.length === 2;
  const at = front === longest ? text.lastIndexOf(fixed) : text.indexOf(fixed);
  if (at < 0) return text;
  return front ? text.slice(at + fixed.length) : text.slice(0, at);
}

/** `{a,b}` and what is around it; one that holds another is left as it is. */
function braces(text: string): string[] {
  const found = /^([^{}]*)\{([^{},]*,[^{}]*)\}([^{}]*)$/.exec(text);
  if (found === null) return [text];
  const [, before = "", inside = "", behind = ""] = found;
  return inside
    .split(",")
    .slice(0, 50)
    .map((one) => before + one + behind);
}
