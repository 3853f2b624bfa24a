import { secret } from "#components/secrets/reference.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";
import { envFile } from "../env-file.ts";
import { isProvider } from "../model-source.ts";
import type { RagApiOptions } from "./options.ts";

export const RAG_ENVIRONMENT = "/etc/rag-api/rag-api.env";

/** Everything that it is told. Its database and role have its own name. */
export function ragEnvironment(self: Rendering, { embeddings }: Pick<RagApiOptions, "embeddings">): string {
  const { name } = self;
  const database = self.use("database");
  return envFile({
    RAG_HOST: "0.0.0.0",
    RAG_PORT: "8000",
    RAG_UPLOAD_DIR: "/tmp/uploads",
    RAG_THREAD_POOL_SIZE: "4",
    // It would open routes into the database.
    DEBUG_RAG_API: "false",
    CONSOLE_JSON: "true",
    JWT_SECRET: self.taken("tokens"),
    VECTOR_DB_TYPE: "pgvector",
    DB_HOST: database.name,
    DB_PORT: String(database.port),
    POSTGRES_DB: name,
    POSTGRES_USER: name,
    POSTGRES_PASSWORD: database.login(),
    // The database has it: its own role may not.
    PGVECTOR_CREATE_EXTENSION: "false",
    COLLECTION_NAME: name,
    EMBEDDINGS_PROVIDER: "openai",
    EMBEDDINGS_MODEL: embeddings.model,
    RAG_OPENAI_API_KEY: secret(embeddings.key),
    ...(isProvider(embeddings) ? { RAG_OPENAI_BASEURL: embeddings.url } : ofEstate(self)),
    // To count words it would fetch a list of them at the first file, from where nobody lets it.
    RAG_CHECK_EMBEDDING_CTX_LENGTH: "false",
  });
}

function ofEstate(self: Rendering): Readonly<Record<string, string>> {
  return { RAG_OPENAI_BASEURL: `${self.use("models").url}/v1` };
}
