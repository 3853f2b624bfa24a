import { read, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "SearXNG 2025.8.3 on Python 3.13 of Debian trixie",
  claims: [
    tested(
      "its loader takes the settings as they are meant, and refuses a value of the wrong kind",
      "tests/lab/configuration.test.ts",
    ),
    tested(
      "searches leave through the proxy, and a name that is not allowed yields no result",
      "tests/lab/real-images.test.ts",
    ),
    read(
      "the image defines uid 977 and checks the owners of /etc/searxng and /var/cache/searxng at start",
      "searxng/searxng, container/ of 2026.3",
    ),
  ],
  open: ["The release that is pinned was not run: it is seven months newer than the one of the tests."],
};
