import { tmpfs, volume } from "#components/container/facts.ts";
import { python } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { scanners } from "./config.ts";
import { evidence } from "./evidence.ts";

/**
 * Scores the texts that a client sends it, and decides nothing. No client is built yet, so nobody reaches it. It becomes
 * healthy once its models lie in its volume (docs/how-to/after-the-first-deploy.md): it fetches none.
 */
export function llmGuard(name: string): Endpoint<"llm-guard"> {
  return define(name, {
    uses: {},
    serves: { speaks: "llm-guard", port: 8000 },
    secrets: { token: { why: "opens the guard", source: { type: "password", length: 40 } } },
    facts: (self) => ({
      purpose: "LLM Guard: scores the texts it is sent",
      image: "llm-guard",
      evidence,
      unready: "nobody asks it yet, and without its models, which have to be brought, it never becomes healthy",
      user: { uid: 1000, gid: 1000 },
      memory: 6144,
      memoryFloor: 64,
      cpus: 4,
      pids: 256,
      environment: {
        APP_WORKERS: "1",
        CONFIG_FILE: "/home/user/app/config/scanners.yml",
        HF_HOME: "/home/user/.cache/huggingface",
        HF_HUB_OFFLINE: "1",
        NLTK_DATA: "/home/user/.cache/nltk",
        TIKTOKEN_CACHE_DIR: "/home/user/.cache/tiktoken",
        TRANSFORMERS_OFFLINE: "1",
      },
      writable: { "/tmp": tmpfs(256), "/home/user/.cache": volume(`${self.name}-models`) },
      health: python(8000, "/healthz", { startPeriod: 180 }),
      listens: [8000],
      declares: { role: "guard" },
      startSeconds: 300,
      waivers: [
        waive("container.user", {
          reason:
            "the image keeps its program and its model cache in the home directory of uid 1000, which wazuh-indexer and wazuh-dashboard have too",
          owner: "platform",
          expires: "2027-06-30",
        }),
      ],
    }),
    // The image keeps nothing else in that directory.
    files: (self) => ({ "/home/user/app/config/scanners.yml": scanners(self) }),
  });
}
