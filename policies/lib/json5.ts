/** Deeper than any configuration, and shallow enough for the stack. */
const DEEPEST = 64;

const ESCAPES = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["0", "\0"],
  ["\n", ""],
]);

/**
 * Reads JSON, and of JSON5 what people write in configurations: comments, trailing commas, single quotes, names
 * without quotes.
 *
 * @throws {SyntaxError} when the text is neither
 */
export function parseJson5(text: string): unknown {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`not JSON5 at character ${String(at)}`);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const skip = (): void => {
    while (take(/[\s\uFEFF]+|\/\/[^\n]*|\/\*[^]*?\*\//y) !== undefined);
  };
  const next = (symbol: string): boolean => {
    skip();
    if (text[at] !== symbol) return false;
    at += 1;
    return true;
  };
  const string = (): string => {
    const quote = text[at];
    at += 1;
    let out = "";
    while (at < text.length && text[at] !== quote) {
      const plain = take(/[^"'\\]+|["']/y);
      if (plain !== undefined) {
        out += plain;
        continue;
      }
      const code = take(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux])/y)?.slice(1) ?? fail();
      out += /^[ux]./.test(code)
        ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
        : (ESCAPES.get(code) ?? code);
    }
    if (text[at] !== quote) fail();
    at += 1;
    return out;
  };
  const name = (): string => {
    skip();
    if (text[at] === '"' || text[at] === "'") return string();
    return take(/[\p{L}_$][\p{L}\p{N}_$]*/uy) ?? fail();
  };
  const value = (depth: number): unknown => {
    if (depth > DEEPEST) fail();
    if (next("{")) {
      const entries: [string, unknown][] = [];
      while (!next("}")) {
        const key = name();
        if (!next(":")) fail();
        entries.push([key, value(depth + 1)]);
        if (!next(",") && text[at] !== "}") fail();
      }
      // Of a name given twice the last counts; `__proto__` stays a name.
      return Object.fromEntries(entries);
    }
    if (next("[")) {
      const items: unknown[] = [];
      while (!next("]")) {
        items.push(value(depth + 1));
        if (!next(",") && text[at] !== "]") fail();
      }
      return items;
    }
    if (text[at] === '"' || text[at] === "'") return string();
    const word = take(/[^\s,:{}[\]/"']+/y) ?? fail();
    if (word === "true") return true;
    if (word === "false") return false;
    if (word === "null") return null;
    return /^[+-]?(\d|\.\d|Infinity)/.test(word) && !Number.isNaN(Number(word)) ? Number(word) : fail();
  };
  const result = value(0);
  skip();
  return at < text.length ? fail() : result;
}
