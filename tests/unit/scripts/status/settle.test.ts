import { expect, test, vi } from "vitest";
import type { LiveContainer } from "#scripts/status/collect.ts";
import { untilSettled } from "#scripts/status/settle.ts";

function container(health: string | undefined, state = "running"): LiveContainer {
  const facts = { networks: [], memoryLimit: 0, memoryUsed: undefined, standIn: false, agent: false, waivers: [] };
  return { name: "e-nginx", service: "nginx", state, health, ...facts };
}

test("waits while a container is starting, and no longer", async () => {
  const collect = vi
    .fn<() => Promise<LiveContainer[]>>()
    .mockResolvedValueOnce([container("starting")])
    .mockResolvedValueOnce([container("starting"), container("healthy")])
    .mockResolvedValue([container("unhealthy"), container("healthy")]);
  await untilSettled(collect, { pollMs: 1 });
  expect(collect).toHaveBeenCalledTimes(3);
});

test("does not wait for one that does not run, or has no health check", async () => {
  const collect = vi.fn(() => Promise.resolve([container("starting", "exited"), container(undefined)]));
  await untilSettled(collect, { pollMs: 1 });
  expect(collect).toHaveBeenCalledTimes(1);
});

test("gives up in the end: the table says who is still starting", async () => {
  const collect = vi.fn(() => Promise.resolve([container("starting")]));
  await untilSettled(collect, { timeoutMs: 20, pollMs: 5 });
  expect(collect.mock.calls.length).toBeGreaterThan(1);
});
