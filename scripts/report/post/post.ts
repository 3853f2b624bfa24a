import { LABEL, readComment } from "./comment.ts";
import { github } from "./github.ts";
import type { Repository } from "./github.ts";

export interface Posting extends Repository {
  /** Number of the pull request, as the run without rights says it. */
  readonly pull: string;
  /** The commit that run was about, as GitHub says it. */
  readonly head: string;
  /** Who posts: an other's comment is never edited. */
  readonly author: string;
  /** The report. */
  readonly text: string;
  /** Whether the report says that nothing in reach, data and waivers changed. */
  readonly noReachChange: boolean;
}

export type Posted = "created" | "edited" | "as it was" | "out of date";

/**
 * Puts a report under its pull request: one comment an estate, edited when there is one. The report and the number come from
 * a run of a stranger's code, so the number counts only where GitHub says that the pull request is at the commit of that run,
 * and of the report only what a report may have is kept.
 *
 * @throws where the report is none, or GitHub refuses
 */
export async function post({ pull, head, author, text, noReachChange, ...repository }: Posting): Promise<Posted> {
  if (!/^[1-9]\d{0,8}$/.test(pull)) throw new Error("the number of the pull request is no number");
  if (!/^[0-9a-f]{40}$/.test(head)) throw new Error("the commit of the run is no commit");
  const { marker, body } = readComment(text);
  const own = github(repository);
  const number = Number(pull);
  if ((await own.headOf(number)) !== head) return "out of date";
  const posted = await write(own, number, { marker, body, author });
  // One label for the whole pull request: of several estates, the report that is posted last decides.
  if (noReachChange) await own.label(number, LABEL);
  else await own.unlabel(number, LABEL);
  return posted;
}

async function write(
  own: ReturnType<typeof github>,
  pull: number,
  { marker, body, author }: { readonly marker: string; readonly body: string; readonly author: string },
): Promise<Posted> {
  for await (const comment of own.comments(pull)) {
    if (comment.author !== author || !comment.body.startsWith(marker)) continue;
    if (comment.body === body) return "as it was";
    await own.edit(comment.id, body);
    return "edited";
  }
  await own.create(pull, body);
  return "created";
}
