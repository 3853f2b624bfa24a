import { z } from "zod";
import { worded } from "../settings/words.ts";

/** What a configuration file can take without quoting. */
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;

/** A setting that names a model. */
export const modelName = worded(
  z.string().regex(MODEL),
  "the name of a model: letters, digits and . _ : / -, at most 100",
  "anthropic/claude-opus-4-5",
);

/** What parts with models say of themselves. */
export const ABOUT_MODELS = "Which models are asked.";
