import { inferred, read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const IMAGE = "docker-library/mongo, 8.0/Dockerfile and docker-entrypoint.sh at 2c69a57";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port; its health check only connects",
  claims: [
    read("sh, bash, grep, head, timeout, mongod and mongosh are in the image; both volumes are declared", IMAGE),
    read("its own entrypoint makes users once, in an empty volume, and starts any other program as it is told", IMAGE),
    read("mongosh needs a home that it can write to, whoever runs it", `${IMAGE}, and docker-library/mongo#524`),
    tested(
      "the question of the health check is a message of the protocol, and its length is right; users are made, changed and removed, against a shell of our own",
      "tests/unit/components/services/databases.test.ts",
    ),
    inferred("an answer to hello names isWritablePrimary", "MongoDB's manual, command hello"),
    inferred("runs as a user of ours", "its entrypoint steps down from root only"),
  ],
  open: [
    "MongoDB was not run here: no package brings it.",
    "A user has one password: a rotation is over when both ends have started again.",
    "It needs a processor with AVX, which is not looked for.",
  ],
};
