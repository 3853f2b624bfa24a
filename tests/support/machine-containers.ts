import { once } from "node:events";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:net";
import { expect } from "vitest";
import { until } from "./debian-machine.ts";
import type { DebianMachine } from "./debian-machine.ts";
import { docker, importBusybox } from "./docker.ts";
import type { Namespace } from "./packets.ts";

const IMAGE = "busybox:test";

/** Brings an image of busybox to the machine's own Docker. */
export async function giveImage(machine: DebianMachine): Promise<void> {
  const tag = `${machine.name}-busybox:1`;
  const file = join(tmpdir(), `${machine.name}.tar`);
  await importBusybox(tag);
  try {
    await docker("save", "-o", file, tag);
    await docker("cp", file, `${machine.name}:/root/image.tar`);
    const loaded = await machine.shell(`docker load -q -i /root/image.tar && docker tag ${tag} ${IMAGE}`);
    expect(loaded.exitCode, loaded.stderr).toBe(0);
  } finally {
    await rm(file, { force: true });
    await docker("rmi", tag);
  }
}

/** Starts a container that answers on a TCP port with what it is sent, and comes back after a restart. */
export async function startEcho(machine: DebianMachine, name: string, port: number, options = ""): Promise<void> {
  // Docker's default for it is more than a machine without a kernel of its own may give.
  const files = "--ulimit nofile=1024:4096";
  const run = `docker run -d --name ${name} --restart unless-stopped ${files} ${options} ${IMAGE} nc -ll -p ${String(port)} -e cat`;
  const { exitCode, stderr } = await machine.shell(run);
  expect(exitCode, stderr).toBe(0);
}

/** The network of a container in the machine. */
export async function networkOf(machine: DebianMachine, container: string): Promise<Namespace> {
  const outer = await docker("inspect", "-f", "{{.State.Pid}}", machine.name);
  const inner = (await machine.shell(`docker inspect -f '{{.State.Pid}}' ${container}`)).stdout;
  return { file: `/proc/${outer}/root/proc/${inner}/ns/net` };
}

/** An open connection. */
export interface Connection {
  /** Whether what is sent now comes back. */
  holds(): Promise<boolean>;
  close(): void;
}

/** Opens a connection to something that answers with what it is sent. */
export async function openConnection(address: string, port: number): Promise<Connection> {
  const socket = connect({ host: address, port });
  let open = true;
  let answers = 0;
  socket.on("close", () => (open = false));
  socket.on("data", () => (answers += 1));
  await once(socket, "connect");
  // What happens to it later is for `holds` to say.
  socket.on("error", () => undefined);
  return {
    holds: async () => {
      const before = answers;
      if (open) socket.write("still there\n");
      await until(() => Promise.resolve(!open || answers > before), 10).catch(() => undefined);
      return answers > before;
    },
    close: () => socket.destroy(),
  };
}
