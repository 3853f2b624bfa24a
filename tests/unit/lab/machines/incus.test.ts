import { createServer } from "node:http";
import type { Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Incus, instanceSchema, readAnswer } from "#lab/machines/incus.ts";

// Answers as Incus gives them, over a real socket.
const answers: Record<string, unknown> = {
  "GET /1.0/instances/a-office": {
    type: "sync",
    status: "Success",
    status_code: 200,
    operation: "",
    error_code: 0,
    error: "",
    metadata: { name: "a-office", status: "Running", config: { "user.garrison.ready": "true" }, devices: {} },
  },
  "GET /1.0/instances/none": { type: "error", error: "Instance not found", error_code: 404 },
  "POST /1.0/instances": {
    type: "async",
    operation: "/1.0/operations/7",
    metadata: { id: "7", status: "Running", err: "" },
  },
  "GET /1.0/operations/7/wait?timeout=180": {
    type: "sync",
    metadata: { id: "7", status: "Failure", err: "No space left on device" },
  },
};

let directory: string;
let server: Server;
let incus: Incus;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "garrison-incus-"));
  const socket = join(directory, "socket");
  server = createServer((request, response) => {
    const found = answers[`${request.method ?? ""} ${request.url ?? ""}`];
    response.end(JSON.stringify(found ?? { type: "error", error: "no such call", error_code: 400 }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  incus = new Incus(socket);
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

describe("the daemon's answers", () => {
  it("are read as far as they are of interest", async () => {
    expect(await incus.find("/1.0/instances/a-office", instanceSchema)).toEqual({
      name: "a-office",
      status: "Running",
      config: { "user.garrison.ready": "true" },
      devices: {},
    });
  });

  it("make nothing of what is not there, for reading and for removing", async () => {
    expect(await incus.find("/1.0/instances/none", instanceSchema)).toBeUndefined();
    await expect(incus.find("/1.0/other", instanceSchema)).rejects.toThrow("GET /1.0/other: no such call");
  });

  it("are an error where an operation fails after it was accepted", async () => {
    await expect(incus.change("POST", "/1.0/instances", {})).rejects.toThrow(
      "POST /1.0/instances: No space left on device",
    );
  });

  it("are no answer where nobody listens", async () => {
    expect(await new Incus(join(directory, "nobody")).answers()).toBe(false);
  });

  it("are refused when they are not the daemon's", () => {
    expect(() => readAnswer("GET /", { type: "other" })).toThrow();
  });
});
