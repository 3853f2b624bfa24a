import { z } from "zod";
import { events, json, parseBody, tokensIn } from "./site.ts";
import type { Site, SiteAnswer, SiteRequest } from "./site.ts";

const requestSchema = z.object({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  messages: z.array(z.looseObject({ role: z.enum(["user", "assistant"]), content: z.unknown() })).min(1),
  stream: z.boolean().optional(),
});
type Request = z.infer<typeof requestSchema>;

/** Anthropic's Messages API: a valid answer to a valid request, always with the same words. */
export const anthropic: Site = {
  host: "api.anthropic.com",
  answer: (request) => {
    const { method, path, headers } = request;
    if (path !== "/v1/messages") return refuse(404, "not_found_error", `lab internet: no ${path}`);
    if (method !== "POST") return refuse(405, "invalid_request_error", "lab internet: method not allowed");
    if (headers["x-api-key"] === undefined && headers.authorization === undefined) {
      return refuse(401, "authentication_error", "x-api-key header is required");
    }
    const asked = requestSchema.safeParse(parseBody(request));
    if (!asked.success) return refuse(400, "invalid_request_error", z.prettifyError(asked.error));
    return asked.data.stream === true ? stream(asked.data, request) : json(message(asked.data, request));
  },
};

const words = ["lab internet: ", "this is a scripted answer; ", "no model was asked."];

function message({ model }: Request, { body }: SiteRequest) {
  return {
    id: "msg_labinternet0000000000",
    type: "message",
    role: "assistant",
    model,
    content: [{ type: "text", text: words.join("") }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: tokensIn(body), output_tokens: tokensIn(words.join("")) },
  };
}

function stream(asked: Request, request: SiteRequest): SiteAnswer {
  const whole = message(asked, request);
  const begun = { ...whole, content: [], stop_reason: null, usage: { ...whole.usage, output_tokens: 1 } };
  return events(
    [
      { type: "message_start", message: begun },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "ping" },
      ...words.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: whole.stop_reason, stop_sequence: null },
        usage: { output_tokens: whole.usage.output_tokens },
      },
      { type: "message_stop" },
    ].map((data) => ({ event: data.type, data: JSON.stringify(data) })),
  );
}

function refuse(status: number, type: string, text: string): SiteAnswer {
  return json({ type: "error", error: { type, message: text } }, status);
}
