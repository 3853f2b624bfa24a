import { read, run } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "nginx 1.26 of Debian trixie",
  claims: [
    run(
      "serves a page and its headers, and no file that begins with a dot, nothing out of its folder, and no POST",
      "nginx 1.26.3 of Debian trixie",
    ),
    read(
      "the image runs as any user, listens on 8080 and reads /etc/nginx/conf.d",
      "nginx/docker-nginx-unprivileged of 1.31.3",
    ),
  ],
  open: [
    "nginx 1.31.9, which is pinned, was not run here.",
    "A folder that is not there keeps Docker from starting the site.",
  ],
};
