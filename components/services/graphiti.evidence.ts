import { read, run } from "./evidence.ts";
import type { Evidence } from "./evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read("host, port and database of FalkorDB come from the environment, without a password", "getzep/graphiti 0.29.3"),
    run(
      "EMBEDDING_MODEL_NAME is read and used nowhere; one failed call of a model ends the worker, and its health check stays green",
      "getzep/graphiti 0.29.3",
    ),
  ],
  open: ["Its image is the estate's own."],
};
