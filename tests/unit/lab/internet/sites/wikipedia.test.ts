import { describe, expect, it } from "vitest";
import { ask, valueOf } from "./request.ts";

const host = "en.wikipedia.org";

describe("en.wikipedia.org", () => {
  it("has a summary of every title, with what SearXNG reads", () => {
    const answer = ask(host, "/api/rest_v1/page/summary/Lab%20Internet");
    expect(answer.status).toBe(200);
    expect(valueOf(answer)).toMatchObject({
      type: "standard",
      title: "Lab Internet",
      description: expect.stringContaining("lab internet") as string,
      extract: expect.stringContaining("Lab Internet") as string,
      content_urls: { desktop: { page: "https://en.wikipedia.org/wiki/Lab_Internet" } },
    });
  });

  it.each(["/api/rest_v1/page/summary/Missing", "/api/rest_v1/page/summary/%E0%A4%A", "/", "/wiki/Garrison"])(
    "has no %s",
    (path) => {
      expect(ask(host, path).status).toBe(404);
    },
  );
});

it("a host that nobody wrote a site for says what it is", () => {
  const answer = ask("some-host.example", "/x", { method: "POST", body: "secret" });
  expect(answer.status).toBe(200);
  expect(valueOf(answer)).toMatchObject({ lab: "lab internet: stand-in for some-host.example", path: "/x" });
  expect(answer.parts.join("")).not.toContain("secret");
});
