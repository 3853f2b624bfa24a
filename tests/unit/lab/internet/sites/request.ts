import { answerFor } from "#lab/internet/sites/answer.ts";
import type { SiteAnswer, SiteRequest } from "#lab/internet/sites/site.ts";

/** What a host of the lab internet answers. A body that is no text is sent as JSON. */
export function ask(
  host: string,
  path: string,
  more: Partial<Omit<SiteRequest, "body">> & { body?: unknown } = {},
): SiteAnswer {
  const { body = "", ...rest } = more;
  return answerFor({
    method: "GET",
    host,
    path,
    headers: {},
    ...rest,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** The answer's one JSON value. */
export function valueOf({ parts }: SiteAnswer): unknown {
  return JSON.parse(parts.join(""));
}
