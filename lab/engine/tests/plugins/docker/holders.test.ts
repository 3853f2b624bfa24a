import type Docker from "dockerode";
import { expect, test } from "vitest";
import { explainPort } from "#plugins/docker/holders.ts";

/** A daemon whose one container publishes port 1514 on an address. */
function daemon(IP: string): Docker {
  const container = {
    Id: "c0ffee",
    Names: ["/other"],
    Ports: [{ IP, PrivatePort: 1514, PublicPort: 1514, Type: "tcp" }],
  };
  return { listContainers: () => Promise.resolve([container]) } as unknown as Docker;
}

const taken = Object.assign(
  new Error("Error starting userland proxy: listen tcp4 127.65.0.1:1514: bind: address already in use"),
  { statusCode: 500 },
);

test.each(["127.65.0.1", "0.0.0.0", "::"])("a container that publishes the port on %s is named", async (address) => {
  expect(String(await explainPort(daemon(address), taken))).toContain("container other publishes it");
});

test("a container with the same port on another address is not blamed", async () => {
  const told = String(await explainPort(daemon("127.66.0.1"), taken));
  expect(told).toContain("a process of the host listens on it");
  expect(told).not.toContain("other");
});

test("another failure stays what it is", async () => {
  const error = new Error("no such image");
  expect(await explainPort(daemon("0.0.0.0"), error)).toBe(error);
});
