import { defineConfig } from "vitest/config";

/** In milliseconds: for what hangs, not for what waits for its turn on a busy machine. */
const patient = 120_000;

/** Quick tests that touch nothing outside of their process. */
const quick = {
  environment: "node",
  pool: "threads",
  // Left to itself, Vitest keeps one processor free: on a machine with two that is half of it.
  maxWorkers: "100%",
  testTimeout: patient,
  hookTimeout: patient,
  // What they import is loaded once a worker, not once a file, which spares half of the time: each puts back what it
  // changed. With another order of files (--sequence.shuffle.files) they pass too.
  isolate: false,
  // A terminal's colours are on in CI too (picocolors asks for CI), and these tests compare texts.
  env: { NO_COLOR: "1" },
  sequence: { groupOrder: 0 },
} as const;

/** Unit tests and those of the offline engine are quick and touch nothing; preview tests run the real engine; lab tests need a Docker daemon too. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...quick,
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          exclude: ["tests/unit/policies/**"],
        },
      },
      {
        test: {
          ...quick,
          name: "policies",
          include: ["tests/unit/policies/**/*.test.ts"],
        },
      },
      {
        test: {
          ...quick,
          name: "engine",
          include: ["lab/engine/tests/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "preview",
          include: ["tests/preview/**/*.test.ts"],
          environment: "node",
          pool: "forks",
          // Each engine starts a Node of its own; more at once than processors only makes them time out.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "lab",
          include: ["tests/lab/**/*.test.ts"],
          environment: "node",
          pool: "forks",
          // One daemon, one set of ports and networks.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "official",
          include: [
            "tests/official/**/*.test.ts",
            // What needs no plugin of Azure, on Pulumi's own language host and plugins.
            "tests/preview/{engine-random-tls,office,package,policies,refusals,secrets}.test.ts",
          ],
          env: { GARRISON_TEST_ENGINE: "official" },
          environment: "node",
          pool: "forks",
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
