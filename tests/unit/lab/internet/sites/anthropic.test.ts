import { describe, expect, it } from "vitest";
import { ask, valueOf } from "./request.ts";

const host = "api.anthropic.com";
const headers = { "x-api-key": "any" };
const body = { model: "claude-x", max_tokens: 100, messages: [{ role: "user", content: "hello" }] };
const post = (more: object = {}, change: object = {}) =>
  ask(host, "/v1/messages", { method: "POST", headers, body: { ...body, ...change }, ...more });

describe("api.anthropic.com", () => {
  it("answers a message with one", () => {
    const answer = post();
    expect(answer.status).toBe(200);
    expect(valueOf(answer)).toMatchObject({
      type: "message",
      role: "assistant",
      model: "claude-x",
      content: [{ type: "text", text: expect.stringMatching(/^lab internet: .*no model was asked/) as string }],
      stop_reason: "end_turn",
      usage: { input_tokens: expect.any(Number) as number, output_tokens: expect.any(Number) as number },
    });
  });

  it("streams the same words in the order of the API's events", () => {
    const answer = post({}, { stream: true });
    expect(answer.type).toContain("text/event-stream");
    const list = answer.parts.map((part) => {
      const [, name = "", data = ""] = /^event: (\S+)\ndata: (.*)\n\n$/.exec(part) ?? [];
      return { name, data: JSON.parse(data) as { type: string; delta?: { text?: string } } };
    });
    for (const { name, data } of list) expect(data.type).toBe(name);
    expect([...new Set(list.map(({ name }) => name))]).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    const text = list.map(({ data }) => data.delta?.text ?? "").join("");
    expect(valueOf(post())).toMatchObject({ content: [{ text }] });
  });

  it.each<readonly [string, number, string, object, object]>([
    ["without a key", 401, "authentication_error", { headers: {} }, {}],
    ["without a limit", 400, "invalid_request_error", {}, { max_tokens: undefined }],
    ["without messages", 400, "invalid_request_error", {}, { messages: [] }],
    ["that is not JSON", 400, "invalid_request_error", { body: "{" }, {}],
    ["by GET", 405, "invalid_request_error", { method: "GET" }, {}],
  ])("refuses a message %s", (_what, status, type, more, change) => {
    const answer = post(more, change);
    expect(answer.status).toBe(status);
    expect(valueOf(answer)).toMatchObject({ type: "error", error: { type } });
  });

  it("has nothing else", () => {
    expect(ask(host, "/v1/models", { headers }).status).toBe(404);
  });
});
