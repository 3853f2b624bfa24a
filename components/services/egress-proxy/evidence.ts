import { tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "Squid 6 of Debian trixie",
  claims: [
    tested("Squid parses its configuration without an error", "tests/lab/configuration.test.ts"),
    tested("who may ask for what, by client and name, on the whole machine", "tests/lab/egress-proxy.test.ts"),
  ],
  open: ["Its image was built on Debian packages only, not on the published base."],
};
