import { createServer } from "node:http";
import type { Server } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeObjects } from "#scripts/engine/orphans.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";

/** A daemon that answers what a test tells it to, and remembers what it was asked. */
describe("removing what a killed run left", () => {
  let directory = "";
  let server: Server;
  let docker: Docker;
  let asked: string[] = [];
  let answers: { deletion: [status: number, message: string]; looks: number };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "garrison-remove-"));
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      const there = request.method !== "DELETE" && answers.looks-- > 0;
      const [status, message] =
        request.method === "DELETE" ? answers.deletion : there ? [200, ""] : [404, "no such thing"];
      response.writeHead(status, { "content-type": "application/json" });
      response.end(status === 204 ? undefined : JSON.stringify({ message }));
    });
    const socketPath = join(directory, "docker.sock");
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    docker = new Docker({ socketPath });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  const container = { kind: "container", id: "c1", name: "x-thing" } as const;

  test("waits until it is gone", async () => {
    answers = { deletion: [204, ""], looks: 2 };
    await removeObjects(docker, [container]);
    expect(asked.filter((line) => line.startsWith("GET"))).toHaveLength(3);
  });

  test.each([
    ["gone already", [404, "No such container: c1"]],
    ["being removed by the plugin that made it", [409, "removal of container c1 is already in progress"]],
  ] as const)("is fine with what is %s", async (_, [status, message]) => {
    answers = { deletion: [status, message], looks: 1 };
    await removeObjects(docker, [container]);
    expect(asked.at(-1)).toContain("GET");
  });

  test("reports what the daemon refuses to remove, with its words and what to type", async () => {
    answers = { deletion: [409, "network x-net has active endpoints"], looks: 0 };
    const failure = await removeObjects(docker, [{ kind: "network", id: "n1", name: "x-net" }]).catch(
      (e: unknown) => e,
    );
    expect(failure).toBeInstanceOf(ProblemReport);
    const [only] = (failure as ProblemReport).problems;
    expect(only?.found).toContain("active endpoints");
    expect(only?.fix).toContain("docker network rm x-net");
  });
});
