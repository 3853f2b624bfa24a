import { python } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { service, tmpfs, volume } from "./service.ts";

/** Scans what goes to the model and what comes from it. The caller decides to block; this only scores. */
export const llmGuard = service("llm-guard", {
  purpose: "LLM Guard: scores prompts and answers",
  number: 5,
  image: "llm-guard",
  user: { uid: 1000, gid: 1000 },
  memory: 6144,
  memoryFloor: 64,
  cpus: 4,
  pids: 256,
  environment: {
    APP_WORKERS: "1",
    HF_HUB_OFFLINE: "1",
    LOG_JSON: "true",
    LOG_LEVEL: "INFO",
    TRANSFORMERS_OFFLINE: "1",
  },
  writable: { "/tmp": tmpfs(256), "/home/user/.cache": volume("llm-guard-models") },
  health: python(8000, "/healthz", { startPeriod: 180 }),
  listens: [8000],
  startSeconds: 300,
  waivers: [
    waive("container.user", {
      reason: "the image keeps its program and its model cache in the home directory of uid 1000",
      owner: "security",
      expires: "2027-06-30",
    }),
  ],
});
