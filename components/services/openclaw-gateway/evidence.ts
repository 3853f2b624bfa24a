import { read, run, tested } from "../evidence.ts";
import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "OpenClaw 2026.7.35 from npm, on Node 22",
  claims: [
    tested(
      "starts from a configuration that it cannot write, with its token from a file; wrong tokens get 401",
      "tests/lab/real-images.test.ts",
    ),
    tested(
      "takes its configuration, audits it without a finding, resolves every secret; an unknown key or a missing secret stops it",
      "tests/lab/configuration.test.ts",
    ),
    run(
      "takes the same configuration without a warning: config validate and secrets audit",
      "OpenClaw 2026.7.1 from npm, 2026-11-30",
    ),
    run("needs 2 GiB to start and settles near 400 MiB", "OpenClaw 2026.7.35 from npm"),
    read(
      "the image has curl and tini and no Docker client, unless built with OPENCLAW_INSTALL_DOCKER_CLI",
      "openclaw/openclaw, Dockerfile, and pull request 29974",
    ),
    read(
      "images of extended-stable lines are published, and a tag alone publishes none",
      "openclaw/openclaw, docs/reference/releasing/extended-stable.md",
    ),
  ],
  open: [
    "Makes no sandbox: it has no Docker client, no DOCKER_HOST, and no Docker API in reach.",
    "Asks no guard, no memory and no search: no plugin for them is configured.",
    "Whether the registry has an image of 2026.7.35.",
  ],
};
