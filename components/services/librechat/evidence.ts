import { inferred, read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const SOURCE = "danny-avila/LibreChat";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    tested(
      "its own schema takes librechat.yaml, and refuses a word that it does not know",
      "tests/unit/components/services/librechat.test.ts",
    ),
    read(
      "the schema that it validates the file with is the one of its npm package; that of v0.8.8 is 0.8.524",
      `${SOURCE}#15735, and api/server/services/Config/loadCustomConfig.js`,
    ),
    read(
      "Node and busybox's wget are in the image; it starts api/server/index.js in /app",
      `${SOURCE} v0.8.2, Dockerfile`,
    ),
    read("/health answers before anybody logs in, once MongoDB does", `${SOURCE}, api/server/index.js`),
    read("a proxy in HTTPS_PROXY is asked for HTTPS alone", `${SOURCE}, packages/api/src/utils/proxy.ts at 148d65e`),
    read(
      "names in NO_PROXY, with their ports, are asked directly",
      `${SOURCE}, packages/api/src/utils/proxy.ts at 148d65e`,
    ),
    read(
      "without RAG_API_URL no file is searched; agents search files with the capability file_search",
      `${SOURCE}, api/server/services/Files/VectorDB/crud.js and api/app/clients/tools/util/fileSearch.js`,
    ),
    read(
      "logs are files whatever is set, in LIBRECHAT_LOG_DIR; under another user api/logs is not writable",
      `${SOURCE}#10972`,
    ),
    read("it writes uploads and images below /app", `${SOURCE}, api/config/paths.js, and #9590`),
    read("how long chats are kept is counted in hours, 1 to 8760", "librechat.ai, Data Retention"),
    inferred("runs as a user of ours", "what it writes to is mounted; its files can be read by everybody"),
  ],
  open: [
    "The image was not run here, nor on a read-only root; v0.8.8's own Dockerfile was not read, v0.8.2's was.",
    "A new value of the two keys of stored credentials makes what people stored unreadable.",
    "It sends no mail: an address is not verified, and a forgotten password is set by hand.",
    "Each chat holds the keys of its own providers, in a file that it alone reads: the proxy puts none into a request, because it does not look into TLS.",
    "Nothing answers on the models' machine today.",
  ],
};
