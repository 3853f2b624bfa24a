import { inferred, read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "meilisearch/meilisearch v1.35.1";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read("curl and tini are in the image; it starts /bin/meilisearch, in /meili_data", `${VERSION}, Dockerfile`),
    read(
      "the names of the settings, and that a file named by MEILI_CONFIG_FILE_PATH holds them; what is in the environment wins, and the image sets the address there",
      `${VERSION}, crates/meilisearch/src/option.rs`,
    ),
    read("/health asks for no key; without a key of 16 bytes production does not start", `${VERSION}, the same`),
    inferred(
      "runs as a user of ours",
      "its own compose file has the caller's number as its user; it writes below /meili_data",
    ),
  ],
  open: [
    "The image was not run here, nor on a read-only root.",
    "Another version finds data that it refuses: an upgrade is a dump, or its own upgrade, by hand.",
    "The master key has one value: a rotation is over when both ends have started again.",
  ],
};
