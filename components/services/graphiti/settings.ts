import { settingsPart } from "#components/settings/part.ts";
import { ABOUT_MODELS, modelName } from "../model-name.ts";

export const models = settingsPart("models", ABOUT_MODELS, {
  memory: modelName.default("gpt-4.1-mini").describe("Model by which the memory service extracts facts."),
  embedding: modelName.default("text-embedding-3-small").describe("Model by which the memory service embeds them."),
});
