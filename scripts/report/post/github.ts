/** Where a pull request is. */
export interface Repository {
  /** `https://api.github.com`. */
  readonly api: string;
  /** `owner/name`. */
  readonly name: string;
  readonly token: string;
}

interface PostedComment {
  readonly id: number;
  readonly body: string;
  readonly author: string;
}

/** The part of GitHub's REST interface that a report needs. Every answer is checked; a refusal is an error with its code. */
export function github({ api, name, token }: Repository) {
  const repository = `${api.replace(/\/$/, "")}/repos/${name}`;

  const ask = async (
    method: string,
    path: string,
    body?: object,
    expected: readonly number[] = [],
  ): Promise<unknown> => {
    const answer = await fetch(`${repository}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "user-agent": "garrison-report",
        "x-github-api-version": "2022-11-28",
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
    });
    if (expected.includes(answer.status)) return undefined;
    if (!answer.ok) throw new Error(`${method} ${path}: GitHub answers ${String(answer.status)}`);
    return answer.status === 204 ? undefined : await answer.json();
  };

  return {
    /** Head of an open pull request; undefined where it is closed. */
    async headOf(pull: number): Promise<string | undefined> {
      const found = asObject(await ask("GET", `/pulls/${String(pull)}`));
      const sha = asObject(found.head).sha;
      return found.state === "open" && typeof sha === "string" ? sha : undefined;
    },

    /** Comments of a pull request, the oldest first. */
    async *comments(pull: number): AsyncGenerator<PostedComment> {
      for (let page = 1; page <= 30; page += 1) {
        const found = await ask("GET", `/issues/${String(pull)}/comments?per_page=100&page=${String(page)}`);
        if (!Array.isArray(found)) throw new Error("GitHub's comments are no list");
        for (const one of found.map(asObject)) {
          const author = asObject(one.user).login;
          if (typeof one.id === "number" && typeof one.body === "string" && typeof author === "string")
            yield { id: one.id, body: one.body, author };
        }
        if (found.length < 100) return;
      }
    },

    create: (pull: number, body: string) => ask("POST", `/issues/${String(pull)}/comments`, { body }),
    edit: (comment: number, body: string) => ask("PATCH", `/issues/comments/${String(comment)}`, { body }),
    label: (pull: number, label: string) => ask("POST", `/issues/${String(pull)}/labels`, { labels: [label] }),
    /** A label that it does not have is as good as removed. */
    unlabel: (pull: number, label: string) =>
      ask("DELETE", `/issues/${String(pull)}/labels/${encodeURIComponent(label)}`, undefined, [404]),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
