import { inferred, read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "danny-avila/rag_api v0.9.0";
const PROGRAM = `${VERSION} with requirements.lite.txt on Python 3.11, and PostgreSQL 16 with pgvector 0.6, from packages`;

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    run(
      "started with these variables by dotenv it runs as a user without an account who is no superuser of its database, and writes below RAG_UPLOAD_DIR alone; files are gone when they are read",
      PROGRAM,
    ),
    run("a file is taken in and found; without a token, or with one of another secret, it answers 401", PROGRAM),
    run("an address in HTTPS_PROXY is asked for a model over HTTPS, and not for one over HTTP", PROGRAM),
    run("without its database /health answers 200, with DOWN in its text; once it is back, UP", PROGRAM),
    run("takes 185 MiB when it has started, 280 MiB after the first files", PROGRAM),
    read(
      "left to check how long a text is, it counts with tiktoken, which fetches its list from the internet",
      "langchain-openai 1.3.2, embeddings/base.py",
    ),
    read(
      "Python is in the image, main.py in /app, what Markdown is read with in /app/nltk_data; there is neither curl nor wget",
      `${VERSION}, Dockerfile.lite`,
    ),
    read(
      "its client asks /embed, /query and /documents, with a token signed for minutes",
      "danny-avila/LibreChat, api/server/services/Files/VectorDB/crud.js",
    ),
    inferred("runs on a read-only root", "what it wrote was below /tmp"),
  ],
  open: [
    "The image, which has Python 3.12, was not run here.",
    "Every route but /health, /docs and /openapi.json asks for a token, and any token of its chat opens them all: which person may read which file, the chat decides.",
    "Another model of another length finds nothing in what is there, or is refused: files are taken in again.",
  ],
};
