import { read, tested } from "./evidence.ts";
import type { Evidence } from "./evidence.ts";

export const evidence: Evidence = {
  lab: "FalkorDB of falkordblite 0.11.0 on Redis 8 of Debian trixie",
  claims: [
    tested(
      "answers graph queries with the settings of REDIS_ARGS and FALKORDB_ARGS; takes a password from a mounted file",
      "tests/lab/real-images.test.ts",
    ),
    read(
      "the image ignores FALKORDB_PASSWORD, switches protected mode off and starts a page on 3000 unless BROWSER=0",
      "FalkorDB/FalkorDB, run.sh of the image",
    ),
  ],
  open: ["Its thread pools follow the cores of the host, not its limit."],
};
