import { inferred, read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

const VERSION = "FlowiseAI/Flowise, flowise@3.1.3";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read(
      "Node, curl and the program below /usr/local/lib/node_modules are in the image, which starts it as root",
      `${VERSION}, docker/Dockerfile`,
    ),
    read(
      "the names of its variables, and that a file beside the program alone would win over them",
      `${VERSION}, docker/.env.example and packages/server/src/commands/base.ts`,
    ),
    read(
      "its way out is GLOBAL_AGENT_HTTPS_PROXY; /api/v1/ping asks nobody who they are",
      `${VERSION}, packages/server/src/index.ts and utils/constants.ts`,
    ),
    read("names of nodes that are disabled", `${VERSION}, packages/components/nodes/tools`),
    read(
      "its address check looks a name up and asks the address: behind a proxy it reaches nobody, in a network without names",
      `${VERSION}, packages/components/src/httpSecurity.ts`,
    ),
    inferred("runs as a user of ours", "it writes below the four paths that are set, and its home"),
  ],
  open: [
    "The image was not run here: not on a read-only root, not under gVisor; 3.1.4, which is pinned, was not read.",
    "Nodes with its address check reach nothing outside; those of models, with their own clients, do.",
    "The path of predictions asks for a key only where a flow says so: what stands before Flowise decides.",
    "Another key makes what flows log in with unreadable.",
  ],
};
