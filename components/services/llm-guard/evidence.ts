import { inferred, read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    run(
      "Sensitive loads spaCy models in English and Chinese; where one is missing it is downloaded at start, which fails offline",
      "llm-guard 0.3.16 from PyPI",
    ),
    read(
      "which models PromptInjection, MaliciousURLs and TokenLimit load, at which revisions",
      "llm-guard 0.3.16 from PyPI",
    ),
    read(
      "the image runs as uid 1000 in /home/user/app and brings en_core_web_sm only",
      "protectai/llm-guard, llm_guard_api/Dockerfile",
    ),
    inferred("the volume in place of /home/user/.cache hides nothing of the image", "its Dockerfile fills no cache"),
  ],
  open: [
    "Does not start before its models are brought into its volume by hand.",
    "No client asks it.",
    "Nobody here has started it with its models: memory, start time, and whether anything else is missing.",
  ],
};
