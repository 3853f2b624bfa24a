import { read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "nginx 1.26 of Debian trixie",
  claims: [
    tested(
      "takes its configuration and hands each host name on to its own page, and no other",
      "tests/lab/configuration.test.ts",
    ),
    tested("refuses a configuration that it cannot read", "tests/lab/configuration.test.ts"),
    read(
      "the image runs as any user, listens on 8080 and reads /etc/nginx/conf.d",
      "nginx/docker-nginx-unprivileged of 1.31.3",
    ),
  ],
  open: ["nginx 1.31.9, which is pinned, was not run here."],
};
