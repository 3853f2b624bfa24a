import { execFile } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { referencesIn } from "#components/secrets/reference.ts";
import { meilisearch } from "#components/services/meilisearch/service.ts";
import { mongodb } from "#components/services/mongodb/service.ts";
import { qdrant } from "#components/services/qdrant/service.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { delivered, madeUp } from "#tests/support/office-files.ts";
import { aClient, filesIn, wired } from "#tests/support/wired.ts";

/** A machine with a database and clients of these names. */
function asked(database: Endpoint, ...clients: readonly string[]) {
  const why = "a test";
  return wired([database, ...clients.map((name) => aClient(name, { data: { to: database, why } }))]);
}

describe("meilisearch", () => {
  const own = asked(meilisearch("index"), "chat", "wiki");
  const text = filesIn(own, "index")["/etc/meilisearch/config.toml"] ?? "";

  test("runs in production under one key, with which nobody is told what it does", () => {
    const config = parseToml(delivered(text));
    expect(config).toMatchObject({ env: "production", no_analytics: true, http_addr: "0.0.0.0:7700" });
    expect(config.master_key).toBe(madeUp({ name: "index-login", slot: "current" }));
    // Other words, and the real one does not start: read in its option.rs.
    const known = ["db_path", "dump_dir", "env", "http_addr", "http_payload_size_limit", "log_level", "master_key"];
    const limits = ["max_indexing_memory", "max_indexing_threads", "no_analytics", "snapshot_dir"];
    expect(Object.keys(config).sort()).toEqual([...known, ...limits]);
  });

  test("has one secret for all its clients", () => {
    expect(own.secrets.map(({ name }) => name)).toEqual(["index-login"]);
  });
});

describe("qdrant", () => {
  const own = asked(qdrant("vectors"), "flows");
  const config = parse(delivered(filesIn(own, "vectors")["/etc/qdrant/garrison.yaml"] ?? "")) as {
    service: Record<string, unknown>;
  };

  test("is opened by the key of now and the one before, and fetches nothing for whoever has it", () => {
    const key = (slot: "current" | "previous") => madeUp({ name: "vectors-login", slot });
    expect(config).toMatchObject({ telemetry_disabled: true, storage: { storage_path: "/qdrant/storage" } });
    expect(config.service).toMatchObject({
      api_key: key("current"),
      alt_api_key: key("previous"),
      grpc_port: null,
      enable_cors: false,
      enable_snapshot_url_recovery: false,
    });
  });
});

describe("mongodb", () => {
  const own = asked(mongodb("documents"), "chat", "wiki");
  const files = filesIn(own, "documents");

  /** Runs what its shell is handed against these users, and says which there are then. */
  function applied(before: Record<string, unknown>): Record<string, unknown> {
    const users = new Map(Object.entries(before));
    const admin = {
      getUser: (name: string) => users.get(name) ?? null,
      getUsers: () => ({ users: [...users.keys()].map((user) => ({ user })) }),
      createUser: ({ user, ...told }: { user: string }) => void users.set(user, told),
      updateUser: (name: string, told: object) => void users.set(name, told),
      dropUser: (name: string) => void users.delete(name),
    };
    const text = delivered(files["/etc/mongodb/users.js"] ?? "");
    runInNewContext(text, { db: { getSiblingDB: (name: string) => (name === "admin" ? admin : undefined) } });
    return Object.fromEntries(users);
  }

  const wanted = (name: string) => ({
    pwd: madeUp({ name: `documents-${name}`, slot: "current" }),
    roles: [{ role: "readWrite", db: name }],
  });

  test("has one user for each client, with its own password and database, whoever was there before", () => {
    const both = { chat: wanted("chat"), wiki: wanted("wiki") };
    expect(applied({})).toEqual(both);
    expect(applied({ chat: { pwd: "old", roles: [{ role: "root", db: "admin" }] }, gone: {} })).toEqual(both);
    expect(applied(both)).toEqual(both);
  });

  test("lets nobody in without a login", () => {
    expect(parse(files["/etc/mongodb/mongod.yaml"] ?? "")).toMatchObject({
      net: { bindIp: "0.0.0.0", port: 27_017 },
      security: { authorization: "enabled" },
      storage: { dbPath: "/data/db" },
    });
    expect(referencesIn(files["/etc/mongodb/mongod.yaml"] ?? "")).toEqual([]);
  });

  test("has its users made on a port that no client reaches, then serves", () => {
    const [first, ...rest] = (files["/etc/mongodb/serve.sh"] ?? "").trim().split("\n");
    expect(first).toBe("#!/bin/sh");
    expect(rest.filter((line) => line.startsWith("mongo"))).toEqual([
      expect.stringContaining("--bind_ip 127.0.0.1 --port 27018"),
      expect.stringContaining("--port 27018 --file /etc/mongodb/users.js"),
      expect.stringContaining("--shutdown"),
    ]);
    expect(rest.at(-1)).toBe("exec mongod --config /etc/mongodb/mongod.yaml");
  });

  const health = own.services.find(({ name }) => name === "documents")?.health;
  const script = typeof health === "object" ? (health.test.at(-1) ?? "") : "";

  /** What the health check says of a server that answers with this, and what it asked. */
  async function checked(answer: string): Promise<{ healthy: boolean; asked: Buffer }> {
    const seen: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        seen.push(data);
        // The real one stays open, and hangs up on what it does not understand.
        if (answer.includes("isWritable")) socket.write(answer);
        else socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const run = promisify(execFile)("bash", ["-c", script.replace("/27017", `/${String(port)}`)]);
    const healthy = await run.then(
      () => true,
      () => false,
    );
    server.close();
    return { healthy, asked: Buffer.concat(seen) };
  }

  test("is asked by its health check in its own protocol", async () => {
    const { healthy, asked: message } = await checked("\u0008isWritablePrimary\0\u0001".padEnd(300, "\0"));
    expect(healthy).toBe(true);
    const [length, , , operation, flags] = [0, 4, 8, 12, 16].map((at) => message.readInt32LE(at));
    expect([length, operation, flags, message[20]]).toEqual([message.length, 2013, 0, 0]);
    // A document of its own length: hello as a number, $db as a text of six bytes, and an end.
    const document = message.subarray(21);
    expect(document.readInt32LE(0)).toBe(document.length);
    expect(document.subarray(4).toString("latin1")).toBe("\u0010hello\0\u0001\0\0\0\u0002$db\0\u0006\0\0\0admin\0\0");
  });

  test("is not healthy when something else answers, or nobody", async () => {
    expect((await checked("HTTP/1.1 400 Bad Request\r\n\r\n".padEnd(300))).healthy).toBe(false);
    expect((await checked("")).healthy).toBe(false);
  });
});
