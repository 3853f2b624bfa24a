import { inferred, read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "qdrant/qdrant v1.19.0";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port; its health check only connects",
  claims: [
    read("bash is in the image, curl and wget are not; it starts in /qdrant", `${VERSION}, Dockerfile`),
    read(
      "the names of the settings, that a file named by --config-path is merged over its own, and that two keys open it",
      `${VERSION}, src/settings.rs`,
    ),
    read("/readyz asks for no key", `${VERSION}, src/actix/mod.rs`),
    read("a file says that it has started, where QDRANT_INIT_FILE_PATH names it", `${VERSION}, src/startup.rs`),
    inferred(
      "runs as a user of ours",
      "its unprivileged image runs as 1000 and writes to the three mounts and this file",
    ),
  ],
  open: ["The image was not run here, nor on a read-only root."],
};
