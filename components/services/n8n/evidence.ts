import { inferred, read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const DOCS = "docs.n8n.io, Host n8n, environment variables";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read(
      "Node and busybox's wget are in the image; the program is /usr/local/lib/node_modules/n8n/bin/n8n",
      "n8n-io/n8n, docker/images/n8n/Dockerfile at 003abfd",
    ),
    run(
      "busybox's wget gets no answer under Debian 12's gVisor with the kernel's sockets, of any server; other clients do",
      "busybox 1.37 in gVisor 0.0~20221219; google/gvisor#8156",
    ),
    read("without a writable home it does not start: it makes .cache in it", "n8n-io/n8n#8367 and #11743"),
    read("what its variables mean; community packages and its vendor's services are switched off by them", DOCS),
    read("requests of nodes follow HTTPS_PROXY, but for libraries with a client of their own", "n8n-io/n8n#20614"),
    read(
      "its chart says that a read-only root is not practical, which was said of the home directory",
      "n8n-io/n8n-hosting, chart at cee656b",
    ),
    inferred("runs as a user of ours", "it writes below its home and /data alone"),
  ],
  open: [
    "The image was not run here: not on a read-only root, not under gVisor.",
    "Its maintainers advise a task runner in a container of its own. That needs a second port of one service; until then the code of a workflow runs beside n8n, as the same user.",
    "Another key makes what workflows log in with unreadable.",
  ],
};
