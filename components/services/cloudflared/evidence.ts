import { read } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [
    read(
      "takes its token from --token-file, and asks its own metrics whether it is ready",
      "cloudflare/cloudflared 2026.2.0",
    ),
    read("connects to the edge on 7844 and 443 whatever proxy it is told of", "cloudflare/cloudflared, issue 1240"),
  ],
  open: ["No tunnel was ever opened."],
};
