import { inferred, read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "authelia/authelia v4.39.20";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    run(
      "its published schema takes the configuration, and refuses a word that it does not know",
      `${VERSION}, docs/static/schemas`,
    ),
    read("started as another user than root it changes nobody's files and starts at once", `${VERSION}, entrypoint.sh`),
    read(
      "busybox's wget is in the image, whose own health check reads a file that its program writes",
      `${VERSION}, healthcheck.sh`,
    ),
    read(
      "sessions in Redis have keys that begin with authelia-session",
      `${VERSION}, internal/session/provider_config.go`,
    ),
    run(
      "the commands of a session are allowed under the rights that the cache gives, for its own keys",
      "Valkey 8.1 of Debian trixie, by hand and not by Authelia",
    ),
    inferred("runs as a user of ours", "it writes below /data alone"),
  ],
  open: [
    "The image was not run here, nor on a read-only root.",
    "It sends no mail: a code for a new device is read from a file of its volume.",
    "Another key of the storage makes second factors unreadable.",
  ],
};
