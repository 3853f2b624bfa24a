import { createHash } from "node:crypto";
import { z } from "zod";
import { responses } from "./openai-responses.ts";
import { events, json, parseBody, tokensIn } from "./site.ts";
import type { Site, SiteAnswer, SiteRequest } from "./site.ts";

const chatSchema = z.object({
  model: z.string().min(1),
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream: z.boolean().nullish(),
});

const embeddingSchema = z.object({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string()).min(1)]),
  dimensions: z.int().positive().max(4096).optional(),
  encoding_format: z.enum(["float", "base64"]).optional(),
});

const defaultDimensions = 1536;

/** OpenAI's chat completions, responses and embeddings: valid answers, always the same ones to the same request. */
export const openai: Site = {
  host: "api.openai.com",
  answer: (request) => {
    const { method, path, headers } = request;
    const route = routes[path];
    if (route === undefined) return refuse(404, `lab internet: no ${path}`);
    if (method !== "POST") return refuse(405, "lab internet: method not allowed");
    if (headers.authorization?.startsWith("Bearer ") !== true) return refuse(401, "You didn't provide an API key.");
    return route(request);
  },
};

const routes: Readonly<Record<string, ((request: SiteRequest) => SiteAnswer) | undefined>> = {
  "/v1/chat/completions": chat,
  "/v1/embeddings": embeddings,
  "/v1/responses": (request) => responses(request, refuse),
};

const words = ["lab internet: ", "this is a scripted answer; ", "no model was asked."];

function chat(request: SiteRequest): SiteAnswer {
  const asked = chatSchema.safeParse(parseBody(request));
  if (!asked.success) return refuse(400, z.prettifyError(asked.error));
  const { model, stream } = asked.data;
  const head = { id: "chatcmpl-labinternet", created: 1_767_225_600, model };
  if (stream === true) {
    const chunk = (delta: object, finish: string | null) => ({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    const chunks = [
      chunk({ role: "assistant", content: "" }, null),
      ...words.map((content) => chunk({ content }, null)),
      chunk({}, "stop"),
    ];
    return events([...chunks.map((data) => ({ data: JSON.stringify(data) })), { data: "[DONE]" }]);
  }
  const content = words.join("");
  return json({
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content, refusal: null }, finish_reason: "stop" }],
    usage: usage(tokensIn(request.body), tokensIn(content)),
  });
}

function embeddings(request: SiteRequest): SiteAnswer {
  const asked = embeddingSchema.safeParse(parseBody(request));
  if (!asked.success) return refuse(400, z.prettifyError(asked.error));
  const { model, input, dimensions = defaultDimensions, encoding_format: format } = asked.data;
  const texts = typeof input === "string" ? [input] : input;
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = format === "base64" ? Buffer.from(vector.buffer).toString("base64") : [...vector];
    return { object: "embedding", index, embedding };
  });
  const prompt = texts.reduce((sum, text) => sum + tokensIn(text), 0);
  return json({ object: "list", model, data, usage: { prompt_tokens: prompt, total_tokens: prompt } });
}

/** A unit vector that follows from the text: equal texts are near, others far. */
function vectorOf(text: string, dimensions: number): Float32Array {
  const bytes = createHash("shake256", { outputLength: dimensions * 2 })
    .update(text)
    .digest();
  const raw = Array.from({ length: dimensions }, (_, index) => bytes.readInt16LE(index * 2) / 32_768);
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / (length === 0 ? 1 : length));
}

function usage(prompt: number, completion: number) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function refuse(status: number, message: string): SiteAnswer {
  return json({ error: { message, type: "invalid_request_error", param: null, code: null } }, status);
}
