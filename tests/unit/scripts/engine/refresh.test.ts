import type Docker from "dockerode";
import { expect, test } from "vitest";
import { forgottenNetworks } from "#scripts/engine/refresh.ts";
import type { EngineState } from "#scripts/engine/state.ts";

const stateOf = (...ids: string[]): EngineState => ({
  exists: true,
  pending: [],
  resources: ids.map((id) => {
    const type = `docker:index/network:Network`;
    return { type, id, urn: `urn:pulumi:office::garrison::${type}::network-${id}` };
  }),
});
const daemonWith = (...ids: string[]) =>
  ({ listNetworks: () => Promise.resolve(ids.map((id) => ({ Id: id }))) }) as unknown as Docker;
const silent = { listNetworks: () => Promise.reject(new Error("socket hang up")) } as unknown as Docker;

test("a network that the state forgot and the daemon still has was never gone", async () => {
  expect(await forgottenNetworks(stateOf("a", "b", "c"), stateOf("a"), daemonWith("a", "b"))).toEqual(["network-b"]);
});

test("nothing is forgotten where the state knows all, or what it dropped is gone", async () => {
  expect(await forgottenNetworks(stateOf("a"), stateOf("a"), silent)).toEqual([]);
  expect(await forgottenNetworks(stateOf("a", "b"), stateOf("a"), daemonWith("a"))).toEqual([]);
});

test("of a daemon that does not answer any more nothing is believed", async () => {
  expect(await forgottenNetworks(stateOf("a", "b"), stateOf("a"), silent)).toEqual(["network-b"]);
});
