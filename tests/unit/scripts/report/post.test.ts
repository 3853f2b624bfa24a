import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { post } from "#scripts/report/post/post.ts";
import type { Posting } from "#scripts/report/post/post.ts";

const HEAD = "a".repeat(40);
const ME = "github-actions[bot]";

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** As much of GitHub's interface as a report uses, with one open pull request. */
class GitHub {
  readonly comments: Comment[] = [];
  readonly labels = new Set<string>();
  readonly asked: string[] = [];
  head = HEAD;
  state = "open";
  /** What every change is answered with, in the place of doing it. */
  refuses: number | undefined;
  #server: Server | undefined;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    this.#server = server;
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
  }

  async #answer(request: IncomingMessage): Promise<[number, unknown]> {
    const url = new URL(request.url ?? "", "http://api");
    const said = `${request.method ?? ""} ${url.pathname.replace("/repos/me/estate", "")}`;
    this.asked.push(said);
    if (request.headers.authorization !== "Bearer token") return [401, {}];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = (chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())) as {
      body?: string;
      labels?: string[];
    };
    if (request.method !== "GET" && this.refuses !== undefined) return [this.refuses, {}];
    if (said === "GET /pulls/7") return [200, { state: this.state, head: { sha: this.head } }];
    if (said === "GET /issues/7/comments") {
      const page = Number(url.searchParams.get("page")) - 1;
      return [200, this.comments.slice(page * 100, (page + 1) * 100)];
    }
    if (said === "POST /issues/7/comments") return [201, this.say(ME, body.body ?? "")];
    if (said === "POST /issues/7/labels") {
      for (const label of body.labels ?? []) this.labels.add(label);
      return [200, []];
    }
    const [, label] = /^DELETE \/issues\/7\/labels\/(.*)$/.exec(said) ?? [];
    if (label !== undefined) return this.labels.delete(label) ? [200, []] : [404, {}];
    const [, id] = /^PATCH \/issues\/comments\/(\d+)$/.exec(said) ?? [];
    const comment = this.comments.find((one) => one.id === Number(id));
    if (comment === undefined) return [404, {}];
    comment.body = body.body ?? "";
    return [200, comment];
  }

  say(login: string, body: string): Comment {
    const comment = { id: this.comments.length + 1, body, user: { login } };
    this.comments.push(comment);
    return comment;
  }
}

let gitHub: GitHub;
let api: string;

beforeEach(async () => {
  gitHub = new GitHub();
  api = await gitHub.start();
});

afterEach(() => gitHub.stop());

const report = (verdict: string, name = "office"): string => `<!-- garrison-report:${name} -->\n**${verdict}**\n`;
const posted = (changes: Partial<Posting> = {}) =>
  post({
    ...{ api, name: "me/estate", token: "token", pull: "7", head: HEAD, author: ME },
    ...{ text: report("No change."), noReachChange: false, ...changes },
  });
const changed = (): string[] => gitHub.asked.filter((one) => !one.startsWith("GET") && !one.startsWith("DELETE"));

test("five pushes leave one comment, with the last report", async () => {
  const results = [];
  for (const push of [1, 2, 3, 4, 5]) results.push(await posted({ text: report(`Push ${String(push)}.`) }));
  expect(results).toEqual(["created", "edited", "edited", "edited", "edited"]);
  expect(gitHub.comments.map(({ body }) => body)).toEqual([report("Push 5.")]);
});

test("the same report again changes nothing", async () => {
  await posted();
  gitHub.asked.length = 0;
  expect(await posted()).toBe("as it was");
  expect(changed()).toEqual([]);
});

test("each estate has a comment of its own", async () => {
  await posted({ text: report("One.") });
  await posted({ text: report("Two.", "office-2") });
  expect(gitHub.comments).toHaveLength(2);
});

test("it is found behind many others, and nobody else's is edited", async () => {
  gitHub.say("mallory", report("Forged."));
  for (let index = 0; index < 150; index += 1) gitHub.say("somebody", "hello");
  expect(await posted({ text: report("One.") })).toBe("created");
  expect(await posted({ text: report("Two.") })).toBe("edited");
  expect(gitHub.comments[0]?.body).toBe(report("Forged."));
  expect(gitHub.comments.at(-1)?.body).toBe(report("Two."));
});

test("the label comes and goes with the report", async () => {
  await posted({ noReachChange: true });
  expect([...gitHub.labels]).toEqual(["no-reach-change"]);
  await posted({ noReachChange: false });
  await posted({ noReachChange: false });
  expect([...gitHub.labels]).toEqual([]);
});

test.each([
  ["a pull request that is elsewhere by now", () => (gitHub.head = "b".repeat(40))],
  ["a pull request that is closed", () => (gitHub.state = "closed")],
])("nothing is written to %s", async (_, set) => {
  set();
  expect(await posted({ noReachChange: true })).toBe("out of date");
  expect(changed()).toEqual([]);
});

test.each([
  ["a number that is a path", { pull: "7/../../../orgs" }, "is no number"],
  ["a number below one", { pull: "0" }, "is no number"],
  ["a commit that is none", { head: "HEAD" }, "is no commit"],
  ["a report without a marker", { text: "hello" }, "does not begin with its marker"],
])("%s is refused before anything is asked", async (_, changes, reason) => {
  await expect(posted(changes)).rejects.toThrow(reason);
  expect(gitHub.asked).toEqual([]);
});

test("what GitHub refuses is told with its code, and without the token", async () => {
  gitHub.refuses = 403;
  await expect(posted()).rejects.toThrow("POST /issues/7/comments: GitHub answers 403");
});

test("what would be a mention or HTML does not reach GitHub as such", async () => {
  await posted({ text: `${report("One.")}<script>x</script> @octocat` });
  expect(gitHub.comments[0]?.body).toBe(`${report("One.")}&lt;script&gt;x&lt;/script&gt; (at)octocat`);
});
