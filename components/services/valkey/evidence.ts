import { read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "Valkey 8.1 of Debian trixie",
  claims: [
    tested(
      "its users: the search under two passwords and in its own keys; others may ask whether it is there and nothing else",
      "tests/lab/configuration.test.ts",
    ),
    tested("protected mode follows from how the official image starts it", "tests/lab/real-images.test.ts"),
    read(
      "the image has /data as its volume and starts valkey-server as given when the user is not root",
      "valkey-io/valkey-container, docker-entrypoint.sh",
    ),
  ],
  open: ["Valkey 9.0, which is pinned, was not run here."],
};
