import { read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "its own server and graphiti-core 0.29.3, from a Dockerfile of the lab's",
  claims: [
    tested(
      "a message becomes a fact; a failed call of a model is tried again and does not end the worker; a wrong password of the database is refused; the health check turns red when the worker has ended",
      "tests/lab/memory.test.ts",
    ),
    read(
      "upstream's server hands FalkorDB no password, uses EMBEDDING_MODEL_NAME nowhere, and stays green when its worker has ended: it is not used",
      "getzep/graphiti, graph_service at 993e081",
    ),
  ],
  open: [
    "Its own Dockerfile was not built: it needs the published base and PyPI.",
    "The models' provider is played by the lab; no real one was asked.",
  ],
};
