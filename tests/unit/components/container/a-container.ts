import type { JoinedContainer } from "#components/container/posture.ts";

/** A container without a mistake, and without a departure; a test changes what it is about. */
export const aContainer: JoinedContainer = {
  containerName: "page",
  image: `docker.io/library/x@sha256:${"1".repeat(64)}`,
  user: { uid: 20_001, gid: 20_001 },
  memory: 128,
  cpus: 0.5,
  pids: 64,
  writable: {},
  health: { test: ["CMD", "true"] },
  listens: [],
  networks: [{ name: "page" }],
  publishAddress: "127.0.0.1",
};
