import { describe, expect, it } from "vitest";
import { ask, valueOf } from "./request.ts";

const host = "api.openai.com";
const headers = { authorization: "Bearer any" };
const chat = (change: object = {}, more: object = {}) =>
  ask(host, "/v1/chat/completions", {
    method: "POST",
    headers,
    body: { model: "gpt-x", messages: [{ role: "user", content: "hello" }], ...change },
    ...more,
  });
const embed = (change: object) =>
  ask(host, "/v1/embeddings", { method: "POST", headers, body: { model: "embed-x", ...change } });

interface Embeddings {
  readonly data: readonly { readonly index: number; readonly embedding: number[] | string }[];
}
const vectors = (change: object) => (valueOf(embed(change)) as Embeddings).data.map(({ embedding }) => embedding);

describe("api.openai.com, chat", () => {
  it("answers", () => {
    expect(valueOf(chat())).toMatchObject({
      object: "chat.completion",
      model: "gpt-x",
      choices: [{ index: 0, message: { role: "assistant" }, finish_reason: "stop" }],
      usage: { total_tokens: expect.any(Number) as number },
    });
  });

  it("streams the same words and says when it is done", () => {
    const { parts, type } = chat({ stream: true });
    expect(type).toContain("text/event-stream");
    expect(parts.at(-1)).toBe("data: [DONE]\n\n");
    const chunks = parts.slice(0, -1).map((part) => {
      const data = JSON.parse(part.slice("data: ".length)) as { choices: { delta: { content?: string } }[] };
      return data.choices[0]?.delta.content ?? "";
    });
    expect(valueOf(chat())).toMatchObject({ choices: [{ message: { content: chunks.join("") } }] });
  });

  it("refuses what the API would refuse", () => {
    expect(chat({}, { headers: {} }).status).toBe(401);
    expect(chat({ messages: [] }).status).toBe(400);
    expect(chat({}, { method: "GET" }).status).toBe(405);
    expect(ask(host, "/v1/files", { method: "POST", headers }).status).toBe(404);
  });
});

describe("api.openai.com, embeddings", () => {
  it("are one unit vector a text, the same for the same text", () => {
    const [one, two, three] = vectors({ input: ["a", "b", "a"] }) as number[][];
    expect(one).toHaveLength(1536);
    expect(Math.hypot(...(one ?? []))).toBeCloseTo(1, 5);
    expect(three).toEqual(one);
    const product = (one ?? []).reduce((sum, value, index) => sum + value * (two?.[index] ?? 0), 0);
    expect(Math.abs(product)).toBeLessThan(0.2);
  });

  it("come in the asked size, and as bytes where the client asks so", () => {
    const [plain] = vectors({ input: "a", dimensions: 256 }) as number[][];
    const [encoded] = vectors({ input: "a", dimensions: 256, encoding_format: "base64" }) as string[];
    const bytes = Buffer.from(encoded ?? "", "base64");
    expect(plain).toHaveLength(256);
    expect(plain?.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(plain);
  });

  it("refuse nothing to embed", () => {
    expect(embed({ input: [] }).status).toBe(400);
    expect(embed({}).status).toBe(400);
  });
});

describe("api.openai.com, responses", () => {
  const respond = (name: string, content = "", change: object = {}) =>
    ask(host, "/v1/responses", {
      method: "POST",
      headers,
      body: {
        model: "gpt-x",
        input: [{ role: "user", content }],
        text: { format: { type: "json_schema", name, schema: {} } },
        ...change,
      },
    });
  const output = (name: string, content: string) => {
    const { output: parts } = valueOf(respond(name, content)) as { output: { content: { text: string }[] }[] };
    return JSON.parse(parts[0]?.content[0]?.text ?? "") as unknown;
  };
  const prompt = "Example: Bob. <CURRENT MESSAGE>\noperator(user): Ada keeps the keys of Garrison.\n</CURRENT MESSAGE>";

  it("take the names of the current message alone", () => {
    const names = [{ name: "Ada" }, { name: "Garrison" }];
    expect(output("ExtractedEntities", prompt)).toMatchObject({ extracted_entities: names });
  });

  it("relate the first two names by what the message says", () => {
    const fact = "Ada keeps the keys of Garrison.";
    const ends = { source_entity_name: "Ada", target_entity_name: "Garrison" };
    expect(output("ExtractedEdges", prompt)).toMatchObject({ edges: [{ ...ends, fact }] });
    expect(output("ExtractedEdges", prompt.replace("Garrison", "the house"))).toEqual({ edges: [] });
  });

  it("refuse what nothing is scripted for", () => {
    expect(respond("SagaSummary").status).toBe(400);
    expect(respond("ExtractedEdges", "", { input: [] }).status).toBe(400);
  });
});
