import GithubSlugger from "github-slugger";
import { marked } from "marked";
import type { Tokens } from "marked";

/** What a page leads to, and what in it can be led to. */
export interface Page {
  /** Targets of links and pictures, as they are written. */
  readonly links: readonly string[];
  /** Anchors of its headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
}

/** A heading, or a part of one. */
interface Piece {
  readonly raw: string;
  readonly text?: string;
  readonly tokens?: readonly Piece[];
}

/** Reads GitHub's Markdown; what stands in code is no link. */
export function readPage(markdown: string): Page {
  const slugger = new GithubSlugger();
  const links: string[] = [];
  const anchors = new Set<string>();
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === "link" || token.type === "image") links.push((token as Tokens.Link | Tokens.Image).href);
    if (token.type === "heading") anchors.add(slugger.slug(plainText(token)));
  });
  return { links, anchors };
}

/** Without the marks of code and emphasis. */
function plainText({ raw, text = raw, tokens }: Piece): string {
  return tokens === undefined ? text : tokens.map(plainText).join("");
}
