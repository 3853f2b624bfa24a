import { read, run, tested } from "../services/evidence.ts";
import type { Evidence } from "../services/evidence.ts";

export const evidence: Evidence = {
  lab: "the agents' sandbox from its own Dockerfile; the browser's is a stand-in, because Chromium would cost too much",
  claims: [
    tested("what the posture keeps such a container from, setting by setting", "tests/lab/posture-difference.test.ts"),
    tested(
      "limits, read-only root, tmpfs and network under gVisor and runc, and every system call that the profile refuses",
      "tests/lab/agent-runtime.test.ts",
    ),
    run(
      "the browser's Dockerfile, step by step: as user 65534 on a read-only root, Chromium without its own sandbox shows and photographs a page, answers its debugging port on a virtual display, and x11vnc and noVNC serve it; no file gives another user's rights",
      "Debian 13 of 2026-11-30 with Chromium 156, x86_64, from packages and not from the published base; under no container's posture",
    ),
    read("the packages that are in it", "openclaw/openclaw, scripts/docker/sandbox/Dockerfile at 1320b595"),
  ],
  open: [
    "The browser's Dockerfile was followed by hand: no daemon built it, and its published base was not there.",
    "gVisor of 2026, which `garrison:host` installs, was not run with these containers.",
    "It is idle: nothing runs code in it.",
  ],
};
