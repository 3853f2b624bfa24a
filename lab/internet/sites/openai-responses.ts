import { z } from "zod";
import { json, parseBody, tokensIn } from "./site.ts";
import type { SiteAnswer, SiteRequest } from "./site.ts";

const requestSchema = z.object({
  model: z.string().min(1),
  input: z.array(z.looseObject({ role: z.string(), content: z.string() })).min(1),
  text: z.looseObject({
    format: z.looseObject({ type: z.literal("json_schema"), name: z.string().min(1) }),
  }),
});

/** What is asked for, by the name of its schema: as the memory service asks (graphiti-core 0.29.3). */
const extractions: Readonly<Record<string, ((text: string) => object) | undefined>> = {
  ExtractedEntities: (text) => ({
    extracted_entities: namesIn(text).map((name) => ({ name, entity_type_id: 0, episode_indices: [0] })),
  }),
  ExtractedEdges: (text) => ({ edges: factsIn(text) }),
  NodeResolutions: () => ({ entity_resolutions: [] }),
  EdgeDuplicate: () => ({ duplicate_facts: [], contradicted_facts: [] }),
  EdgeTimestamps: () => ({ valid_at: null, invalid_at: null }),
  SummarizedEntities: () => ({ summaries: [] }),
};

/**
 * OpenAI's Responses API with structured output, as far as facts are extracted by it. No model is asked: a name is a
 * word with a capital letter, and the first two names of a message are related by what the message says.
 */
export function responses(request: SiteRequest, refuse: (status: number, message: string) => SiteAnswer): SiteAnswer {
  const asked = requestSchema.safeParse(parseBody(request));
  if (!asked.success) return refuse(400, z.prettifyError(asked.error));
  const { model, input, text } = asked.data;
  const extract = extractions[text.format.name];
  if (extract === undefined) return refuse(400, `lab internet: no answer is scripted for ${text.format.name}`);
  const output = JSON.stringify(extract(currentMessage(input.map(({ content }) => content).join("\n"))));
  const [prompt, completion] = [tokensIn(request.body), tokensIn(output)];
  return json({
    id: "resp_labinternet",
    object: "response",
    created_at: 1_767_225_600,
    status: "completed",
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output: [
      {
        type: "message",
        id: "msg_labinternet",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: output, annotations: [] }],
      },
    ],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: completion,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt + completion,
    },
  });
}

/** What the prompt is about, without the examples and the earlier messages around it, and without who speaks. */
function currentMessage(prompt: string): string {
  const [, message = ""] = /<CURRENT[ _]MESSAGE>\s*([^]*?)\s*<\/CURRENT[ _]MESSAGE>/.exec(prompt) ?? [];
  return message.replace(/^[^:\n]*\((?:user|assistant|system)\): /, "");
}

function namesIn(text: string): string[] {
  return [...new Set(text.match(/\b[A-Z][a-z]+\b/g))];
}

function factsIn(text: string): object[] {
  const [source, target] = namesIn(text);
  if (source === undefined || target === undefined) return [];
  const ends = { source_entity_name: source, target_entity_name: target };
  return [{ ...ends, relation_type: "RELATED_TO", fact: text, valid_at: null, invalid_at: null, episode_indices: [0] }];
}
