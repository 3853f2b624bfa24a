import { tmpfs } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { throughProxy } from "../egress-proxy/client.ts";
import { RAG_ENVIRONMENT, ragEnvironment } from "./config.ts";
import { evidence } from "./evidence.ts";
import { isProvider } from "../model-source.ts";
import type { Embeddings, RagApiOptions } from "./options.ts";

/** Without its database it answers 200 too, and says so in the text. */
const HEALTH = `import json, urllib.request as r
assert json.load(r.urlopen("http://127.0.0.1:8000/health", timeout=4)) == {"status": "UP"}`;

/**
 * LibreChat's RAG API: cuts files into pieces, has numbers made of them, and finds those that mean what is asked. It lets in
 * whoever comes with a token of its one client, whose secret it reads: so each chat has one of its own, with a database and a
 * role of its own in a PostgreSQL that they may share.
 *
 * @example
 * ```ts
 * const chat = later<Endpoint<"http">>("chat");
 * const rag = ragApi("chat-rag", {
 *   database: postgres("vectors", { extensions: ["vector"] }),
 *   tokens: secretOf(chat, "session"),
 *   embeddings: { out, url: "https://api.mistral.ai/v1", key: "mistral-api-key", model: "mistral-embed" },
 * });
 * chat.is(
 *   librechat("chat", {
 *     database: mongodb("chat-database"),
 *     index: meilisearch("chat-index"),
 *     out,
 *     rag,
 *     site: chatSettings("helpdesk"),
 *     models: [
 *       { name: "Mistral", url: "https://api.mistral.ai/v1", key: "mistral-api-key", models: ["mistral-medium-latest"] },
 *     ],
 *   }),
 * );
 * ```
 */
export function ragApi(name: string, options: RagApiOptions): Endpoint<"rag-api"> {
  const { database, tokens, embeddings } = options;
  return define(name, {
    uses: { database: { to: database, why: "pieces of files are found by their numbers" }, ...wayTo(embeddings) },
    serves: { speaks: "rag-api", port: 8000 },
    takes: { tokens: { from: tokens, why: "who asks has a token that is signed with it" } },
    external: { [embeddings.key]: "numbers are made of what is in files" },
    facts: (self) => ({
      purpose: "RAG API: what is said in files is found",
      image: "rag-api",
      evidence,
      memory: 512,
      memoryFloor: 256,
      cpus: 0.5,
      pids: 64,
      // Variables of the file come before its own.
      command: ["python", "-m", "dotenv", "--file", RAG_ENVIRONMENT, "run", "--", "python", "main.py"],
      workingDir: "/app",
      environment: {
        HOME: "/tmp",
        PYTHONDONTWRITEBYTECODE: "1",
        ...(isProvider(embeddings) && throughProxy(self.use("out"))),
      },
      writable: { "/tmp": tmpfs(128) },
      health: exec(["python", "-c", HEALTH], { interval: 10, startPeriod: 90 }),
      listens: [8000],
      startSeconds: 240,
    }),
    files: (self) => ({ [RAG_ENVIRONMENT]: ragEnvironment(self, options) }),
  });
}

function wayTo(embeddings: Embeddings) {
  const why = "numbers are made of text by a model";
  if (!isProvider(embeddings)) return { models: { to: embeddings.from, why } };
  return { out: { to: embeddings.out, why, hosts: [{ hosts: [new URL(embeddings.url).hostname], why }] } };
}
