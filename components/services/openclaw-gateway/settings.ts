import { z } from "zod";
import { isHostName, isPort } from "#components/settings/forms.ts";
import { settingsPart } from "#components/settings/part.ts";
import { worded } from "#components/settings/words.ts";
import { ABOUT_MODELS, modelName } from "../model-name.ts";

const ORIGIN = /^https?:\/\/([a-z0-9.-]+)(?::(\d{1,5}))?$/;

export const models = settingsPart("models", ABOUT_MODELS, {
  gateway: modelName
    .default("anthropic/claude-opus-4-5")
    .describe("Model of the agent, as OpenClaw names it: `provider/model`."),
  fallbacks: z
    .array(modelName)
    .default(["anthropic/claude-sonnet-4-5"])
    .describe("Models that the gateway turns to when the first does not answer, in order."),
});

const origin = worded(
  z.string().refine(isOrigin),
  "an origin such as https://gateway.example.org, without a path",
  "https://<name of the page>",
);

export const pages = settingsPart(
  "pages",
  "How people reach the pages.",
  {
    origins: z
      .array(origin)
      .default([])
      .describe("Origins from which people open the gateway's page, as a browser names them. Needed outside the lab."),
  },
  { origins: "where people open the gateway's page" },
);

function isOrigin(text: string): boolean {
  const [, name, port] = ORIGIN.exec(text) ?? [];
  return name !== undefined && isHostName(name) && (port === undefined || isPort(port));
}
