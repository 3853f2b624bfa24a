import { read, tested } from "../services/evidence.ts";
import type { Evidence } from "../services/evidence.ts";

export const evidence: Evidence = {
  lab: "the agents' sandbox from its own Dockerfile; the browser's is a stand-in, because Chromium would cost too much",
  claims: [
    tested("what the posture keeps such a container from, setting by setting", "tests/lab/posture-difference.test.ts"),
    tested(
      "limits, read-only root, tmpfs and network under gVisor and runc, and every system call that the profile refuses",
      "tests/lab/agent-runtime.test.ts",
    ),
    read("the packages that are in it", "openclaw/openclaw, scripts/docker/sandbox/Dockerfile at 1320b595"),
  ],
  open: [
    "The browser's image was never built: it needs the published base.",
    "gVisor of 2026, which `garrison:host` installs, was not run with these containers.",
    "It is idle: nothing runs code in it.",
  ],
};
