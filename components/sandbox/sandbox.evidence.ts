import { tested } from "../services/evidence.ts";
import type { Evidence } from "../services/evidence.ts";

export const evidence: Evidence = {
  lab: "the packages of the sandbox from Debian",
  claims: [
    tested("what the posture keeps such a container from, setting by setting", "tests/lab/posture-difference.test.ts"),
  ],
  open: ["Its images are the estate's own.", "It is idle: nothing runs code in it."],
};
