import { json } from "./site.ts";
import type { Site } from "./site.ts";

const summaryPath = /^\/api\/rest_v1\/page\/summary\/([^/]+)$/;

/** The REST summary of a page, as far as SearXNG's wikipedia engine reads it. Every title exists, except `Missing`. */
export const wikipedia: Site = {
  host: "en.wikipedia.org",
  answer: ({ method, path }) => {
    const title = titleOf(path);
    if (method !== "GET" || title === undefined || title === "Missing") {
      return json({ type: "Internal error", title: "Not found", method, detail: "lab internet: no such page" }, 404);
    }
    const page = `https://en.wikipedia.org/wiki/${encodeURIComponent(title.replaceAll(" ", "_"))}`;
    return json({
      type: "standard",
      title,
      titles: { canonical: title.replaceAll(" ", "_"), normalized: title, display: title },
      lang: "en",
      description: `lab internet: description of ${title}`,
      extract: `lab internet: a made-up summary of ${title}, for rehearsal only.`,
      content_urls: { desktop: { page }, mobile: { page } },
    });
  },
};

function titleOf(path: string): string | undefined {
  const encoded = summaryPath.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded).replaceAll("_", " ");
  } catch {
    return undefined;
  }
}
