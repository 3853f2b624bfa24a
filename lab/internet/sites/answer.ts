import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";
import { json } from "./site.ts";
import type { SiteAnswer, SiteRequest } from "./site.ts";
import { wikipedia } from "./wikipedia.ts";

const sites = new Map([wikipedia, anthropic, openai].map((site) => [site.host, site]));

/** The answer of the site that the client called; any host that nobody wrote a site for has a page that says so. */
export function answerFor(request: SiteRequest): SiteAnswer {
  const site = sites.get(request.host);
  if (site !== undefined) return site.answer(request);
  const { method, host, path } = request;
  return json({ lab: `lab internet: stand-in for ${host}`, host, method, path });
}
