import { read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "Valkey 8.1 of Debian trixie",
  claims: [
    run(
      "a job is handed over by one client and done by another under these rights; neither may empty it, end others or set it up",
      "Valkey 8.1 of Debian trixie with BullMQ 5",
    ),
    read(
      "the image has /data as its volume and starts valkey-server as given when the user is not root",
      "valkey-io/valkey-container, docker-entrypoint.sh",
    ),
  ],
  open: ["Valkey 9.0, which is pinned, was not run here."],
};
