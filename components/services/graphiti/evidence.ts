import { read, run, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "its own server and graphiti-core 0.29.3, from a Dockerfile of the lab's",
  claims: [
    tested(
      "a message becomes a fact; a failed call of a model is tried again and does not end the worker; a wrong password of the database is refused; the health check turns red when the worker has ended",
      "tests/lab/memory.test.ts",
    ),
    run(
      "its own Dockerfile, step by step: the listed wheels are there with these hashes, the server starts as user 65534 on a read-only root, makes a fact of a message and finds it; the health check is red with a wrong password and without its database",
      "Debian 13 of 2026-11-30 with Python 3.13, x86_64, from packages and not from the published base; FalkorDB 4.16.3 on Redis 8.2.3; the models were the lab's",
    ),
    read(
      "upstream's server hands FalkorDB no password, uses EMBEDDING_MODEL_NAME nowhere, and stays green when its worker has ended: it is not used",
      "getzep/graphiti, graph_service at 993e081",
    ),
  ],
  open: [
    "Its own Dockerfile was followed by hand: no daemon built it, and its published base was not there.",
    "The models' provider is played by the lab; no real one was asked.",
  ],
};
