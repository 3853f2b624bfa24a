import { expect, it } from "vitest";
import type { Daemon } from "#plugins/docker/connection/daemon.ts";
import { container } from "#plugins/docker/container/resource.ts";
import type { ContainerInputs, NetworkInputs } from "#plugins/docker/inputs.ts";
import { network } from "#plugins/docker/network.ts";
import type { Context } from "#provider/definition.ts";

it("takes a network for gone when the daemon does not answer, as the official plugin does, and says so", async () => {
  const logged: string[] = [];
  const inspect = (): Promise<never> => Promise.reject(new Error("connect ECONNREFUSED /var/run/docker.sock"));
  const context = {
    settings: { client: () => Promise.resolve({ getNetwork: () => ({ inspect }) }) } as unknown as Daemon,
    log: (message: string) => logged.push(message),
  } as unknown as Context<Daemon>;
  const old = { outputs: {}, inputs: { name: "net" } };
  expect(await network.read?.("0123456789abcdef", old, context)).toBeUndefined();
  expect(logged).toEqual(["network 0123456789ab is taken for gone: connect ECONNREFUSED /var/run/docker.sock"]);
});

it("removes a container before its replacement always, and a network only where its name was given", () => {
  const named: NetworkInputs = { name: "net", ipamConfigs: [{ subnet: "10.0.0.0/24" }] };
  const made = { ...named, __defaults: ["name"] };
  const inputs: ContainerInputs = { name: "c", image: "i" };
  expect(container.deleteBeforeReplace?.({}, { ...inputs, __defaults: ["name"] } as ContainerInputs)).toBe(true);
  expect(network.deleteBeforeReplace?.({}, named)).toBe(true);
  expect(network.deleteBeforeReplace?.({}, made as NetworkInputs)).toBe(false);
});
