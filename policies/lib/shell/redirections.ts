import type { HereDoc, Redirect, Redirection } from "unbash";

import { expandParts, expandWhole } from "./expand.ts";
import type { Scope } from "./expand.ts";
import type { Stream } from "./script.ts";
import { joined } from "./script.ts";

/** What a command reads and writes by its redirections. */
export interface Redirected {
  readonly input: Stream;
  readonly writes: readonly { readonly path: string; readonly append: boolean }[];
}

const FROM_NETWORK = /^\/dev\/(tcp|udp)\//;
const NO_FILE = /^\d+$|^-$|^\/dev\/(null|std|fd)/;

export function redirected(
  redirects: readonly Redirection[],
  stdin: Stream,
  scope: Scope,
  fileAt: (path: string) => Stream | undefined,
): Redirected {
  let input = stdin;
  const writes: { path: string; append: boolean }[] = [];
  for (const redirect of redirects) {
    if (redirect.type === "HereDoc") input = heredoc(redirect, scope);
    else if (redirect.type === "HereString") {
      const { text, from } = expandWhole(redirect.target, scope);
      input = { text: `${text}\n`, fetched: joined(from).fetched };
    } else {
      const target = expandWhole(redirect.target, scope);
      if (redirect.operator === "<" || redirect.operator === "<>") {
        input = target.input ?? fileAt(target.text) ?? (FROM_NETWORK.test(target.text) ? unread() : unseen);
      } else if (isWriting(redirect) && !NO_FILE.test(target.text)) {
        writes.push({ path: target.text, append: redirect.operator.includes(">>") });
      }
    }
  }
  return { input, writes };
}

function heredoc({ body, operator, delimiter }: HereDoc, scope: Scope): Stream {
  const isPlain = body.parts === undefined || delimiter?.quoted === true;
  const { text, from } = isPlain ? { text: body.text, from: [] } : expandParts(body.parts, scope);
  return { text: operator === "<<-" ? text.replace(/^\t+/gm, "") : text, fetched: joined(from).fetched };
}

function isWriting({ operator, descriptor }: Redirect): boolean {
  const isOfErrors = descriptor?.type === "FileDescriptor" && descriptor.value > 1;
  return !operator.startsWith("<") && !isOfErrors;
}

const unseen: Stream = { fetched: [], isUnseen: true };

function unread(): Stream {
  return { fetched: [{ file: undefined, checked: false, archive: false }] };
}
