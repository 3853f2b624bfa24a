import { read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const entrypoint = "docker-library/postgres, 17/bookworm/docker-entrypoint.sh";

export const evidence: Evidence = {
  lab: "PostgreSQL 17 and pgvector of Debian trixie",
  claims: [
    tested(
      "a client added to a filled volume and a rotated password are told to the running server, and nobody is let into another's database",
      "tests/lab/postgres.test.ts",
    ),
    read(
      "under any user it makes the database in an empty PGDATA, with the password of POSTGRES_PASSWORD_FILE, by a server that listens on the socket alone and has the command's own options",
      entrypoint,
    ),
    read(
      "for a user without an account it has initdb believe in one, from files in /tmp, and no longer after that",
      entrypoint,
    ),
    tested(
      "initdb makes a database in an empty directory alone: below the volume, which has a mark of ours",
      "tests/lab/postgres.test.ts",
    ),
    read("the image adds pgvector to the official one, and nothing else", "pgvector/pgvector v0.8.6, Dockerfile"),
    read(
      "PGDATA and the declared volume are /var/lib/postgresql/data, the socket is in /var/run/postgresql, SIGINT stops it",
      "docker-library/postgres, 17/trixie/Dockerfile of 17.11",
    ),
  ],
  open: [
    "The image that is pinned, and its own scripts, were not run here.",
    "From PostgreSQL 18 on, the image keeps its data elsewhere: another major release is another volume.",
  ],
};
