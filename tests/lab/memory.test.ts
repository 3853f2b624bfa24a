import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configuredServices, outputOf } from "../support/configured-service.ts";
import type { ConfiguredServices, StartOptions } from "../support/configured-service.ts";
import { removeByPrefix, testPrefix } from "../support/docker.ts";
import { execIn, waitForHealth } from "../support/hardened-run.ts";
import { modelProvider } from "../support/model-provider.ts";
import type { ModelProvider } from "../support/model-provider.ts";
import { filesOf, madeUp, officeContext } from "../support/office-files.ts";

const prefix = testPrefix();
const network = `${prefix}-graph`;
const docker = new Docker();
let gateway = "";
let services: ConfiguredServices;
let models: ModelProvider;
let database: Docker.Container;

// On a machine that builds at the same time, Python starts in half a minute.
const START_SECONDS = 60;

beforeAll(async () => {
  services = await configuredServices(prefix, ["falkordb", "graphiti"]);
  const made = await docker.createNetwork({ Name: network, Internal: true, CheckDuplicate: true });
  const { IPAM } = (await made.inspect()) as { IPAM: { Config: { Gateway: string }[] } };
  gateway = IPAM.Config[0]?.Gateway ?? "";
  models = await modelProvider(gateway);
  database = await services.start("falkordb", { network });
  await waitForHealth(database, "healthy", START_SECONDS);
}, 900_000);

afterAll(async () => {
  await removeByPrefix(prefix);
  await models.close();
  await services.close();
});

/** As on the machine, but for where database and models are, and for how long a message may take. */
async function startMemory(options: StartOptions = {}, url = `http://${gateway}:${String(models.port)}/v1`) {
  const files = options.files ?? filesOf("graphiti");
  const path = "/etc/graphiti/settings.json";
  const told = JSON.parse(files[path] ?? "") as { models: object; database: object };
  const host = (await database.inspect()).Name.slice(1);
  const settings = {
    models: { ...told.models, url, embedding: "an-embedder" },
    database: { ...told.database, host },
    ingest: { attempts: 2, pause: 0.1, deadline: 20, grace: 1 },
  };
  return services.start("graphiti", { network, ...options, files: { ...files, [path]: JSON.stringify(settings) } });
}

async function ask(
  container: Docker.Container,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const { NetworkSettings } = await container.inspect();
  const address = NetworkSettings.Networks[network]?.IPAddress ?? "";
  const answer = await fetch(`http://${address}:8000${path}`, {
    signal: AbortSignal.timeout(60_000),
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  });
  return { status: answer.status, json: await answer.json() };
}

interface Progress {
  readonly waiting: number;
  readonly done: number;
  readonly failed: readonly object[];
}

/** Says something in a group and waits until it was worked on. */
async function tell(container: Docker.Container, group: string, content: string): Promise<Progress> {
  const messages = [{ content, role_type: "user", role: "operator" }];
  expect((await ask(container, "/messages", { group_id: group, messages })).status).toBe(202);
  for (;;) {
    const progress = (await ask(container, "/messages")).json as Progress;
    if (progress.waiting === 0) return progress;
    await sleep(200);
  }
}

const said = (content: string) => ({ content, role_type: "user" });
const recall = (group: string, content: string) => ({ group_id: group, messages: [said(content)] });

describe("the memory service", () => {
  let memory: Docker.Container;

  beforeAll(async () => {
    memory = await startMemory();
    await waitForHealth(memory, "healthy", START_SECONDS);
  }, 300_000);

  test("makes a fact of a message, by the models of the settings, and finds it in its group alone", async () => {
    const fact = "Ada keeps the keys of Garrison in the safe.";
    expect(await tell(memory, "dakota", fact)).toMatchObject({ done: 1, failed: [] });
    const found = { status: 200, json: { facts: [{ fact, name: "RELATED_TO" }] } };
    expect(await ask(memory, "/get-memory", recall("dakota", "Where are the keys?"))).toMatchObject(found);
    expect(await ask(memory, "/search", { group_ids: ["dakota"], query: "keys" })).toMatchObject(found);
    expect((await ask(memory, "/episodes/dakota")).json).toMatchObject([{ content: `operator(user): ${fact}` }]);
    expect((await ask(memory, "/get-memory", recall("other", "Where are the keys?"))).json).toEqual({ facts: [] });
    const asked = models.calls.map((body) => (JSON.parse(body) as { model: string }).model);
    expect(new Set(asked)).toEqual(new Set([officeContext().settings.models.memory, "an-embedder"]));
    expect((await asClient("GRAPH.LIST")).split("\n")).toEqual(['1) "dakota"']);
  }, 120_000);

  test("gets over a call that fails, gives up a message that keeps failing, and goes on; without its text in the log", async () => {
    models.fail("Bella", 3);
    models.fail("Poison", Infinity);
    const before = ((await ask(memory, "/messages")).json as Progress).done;
    expect(await tell(memory, "dakota", "Bella knows Carlo.")).toMatchObject({ done: before + 1, failed: [] });
    const given = await tell(memory, "dakota", "Poison is in the Cup.");
    expect(given).toMatchObject({
      done: before + 1,
      failed: [{ group_id: "dakota", error: "InternalServerError 500" }],
    });
    expect(await tell(memory, "dakota", "Dora knows Emil.")).toMatchObject({ done: before + 2 });
    expect((await ask(memory, "/healthcheck")).status).toBe(200);
    const log = await outputOf(memory);
    expect(log).toContain('"message": "message given up"');
    expect(log).not.toMatch(/Poison|Bella/);
  }, 240_000);

  test("takes bodies of a bounded size and of known fields, and says what is wrong", async () => {
    const large = JSON.stringify(recall("dakota", "x".repeat(1024 * 1024)));
    expect(await ask(memory, "/get-memory", large)).toMatchObject({ status: 413 });
    for (const wrong of [
      recall("a group", "x"),
      recall("dakota", "x".repeat(20_001)),
      { ...recall("dakota", "x"), max_facts: 0 },
      { ...recall("dakota", "x"), uuid: "x" },
      { group_id: "dakota", messages: Array.from({ length: 51 }, () => said("x")) },
    ]) {
      expect(await ask(memory, "/messages", wrong)).toMatchObject({ status: 422 });
    }
    expect((await ask(memory, "/docs")).status).toBe(404);
  }, 60_000);
});

describe("the health check of the memory service", () => {
  /** The server with its worker replaced. */
  const patched = (body: string) => ({
    command: [
      "python3",
      "-c",
      `import asyncio, runpy, sys, time
sys.path.insert(0, "/opt/graphiti/server")
import ingest
async def attempt(self, job):
    ${body}
ingest.Queue._attempt = attempt
runpy.run_path("/opt/graphiti/server", run_name="__main__")`,
    ],
  });

  test.each([
    ["works", "return None", 200, { status: "healthy" }],
    ["has ended", "raise asyncio.CancelledError", 503, { problems: ["the ingest worker has ended"] }],
    [
      "is stuck",
      "self._began = time.monotonic() - 60; await asyncio.sleep(3600)",
      503,
      { problems: ["the ingest worker is stuck"] },
    ],
  ])(
    "sees whether the worker %s",
    async (_, body, status, json) => {
      const memory = await startMemory({ facts: patched(body) });
      await waitForHealth(memory, "healthy", START_SECONDS);
      await ask(memory, "/messages", { group_id: "dakota", messages: [said("x")] });
      await sleep(500);
      expect(await ask(memory, "/healthcheck")).toMatchObject({ status, json });
      await waitForHealth(memory, status === 200 ? "healthy" : "unhealthy", START_SECONDS);
    },
    300_000,
  );

  test("is red with a wrong password, and says so without it", async () => {
    const files = { ...filesOf("graphiti"), "/etc/graphiti/falkordb-password": "not-the-password" };
    const memory = await startMemory({ files });
    // Red from the first check on, before it listens.
    while (!(await outputOf(memory)).includes("running on")) await sleep(500);
    await waitForHealth(memory, "unhealthy", START_SECONDS);
    const { json } = await ask(memory, "/healthcheck");
    expect(json).toMatchObject({ problems: ["the database does not answer: AuthenticationError WRONGPASS"] });
    expect(await outputOf(memory)).not.toContain("not-the-password");
  }, 300_000);
});

test("models are asked through the egress proxy", async () => {
  const proxy = `http://${gateway}:${String(models.port)}`;
  const memory = await startMemory({ facts: { environment: { HTTPS_PROXY: proxy } } }, "https://api.openai.com/v1");
  await waitForHealth(memory, "healthy", START_SECONDS);
  expect(await tell(memory, "proxied", "Ada knows Bob.")).toMatchObject({ failed: [{ error: "APIConnectionError" }] });
  expect(new Set(models.tunnels)).toEqual(new Set(["api.openai.com:443"]));
}, 300_000);

/** Asks the database as its client. */
async function asClient(...command: string[]): Promise<string> {
  return asUser("graphiti", madeUp({ name: "falkordb-graphiti", slot: "current" }), ...command);
}

async function asUser(user: string, password: string, ...command: string[]): Promise<string> {
  return cli("--no-auth-warning", "--user", user, "--pass", password, ...command);
}

async function cli(...args: string[]): Promise<string> {
  return (await execIn(database, ["redis-cli", ...args])).output.replaceAll("\r\n", "\n").trim();
}

describe("FalkorDB", () => {
  test("lets its client in by the password of now and the one before, for graphs alone, and nobody else", async () => {
    for (const slot of ["current", "previous"] as const) {
      const password = madeUp({ name: "falkordb-graphiti", slot });
      expect(await asUser("graphiti", password, "GRAPH.QUERY", "rights", "RETURN 40 + 2")).toContain("42");
    }
    expect(await asClient("GRAPH.DELETE", "rights")).toContain("OK");
    expect(await asUser("graphiti", "wrong", "GRAPH.LIST")).toContain("WRONGPASS");
    for (const command of [["PING"], ["GRAPH.LIST"], ["INFO"]]) expect(await cli(...command)).toContain("NOAUTH");
    for (const refused of [
      ["CONFIG", "GET", "requirepass"],
      ["SLAVEOF", "NO", "ONE"],
      ["ACL", "LIST"],
      ["KEYS", "*"],
      ["FLUSHALL"],
      ["CLIENT", "LIST"],
      ["GRAPH.CONFIG", "SET", "TIMEOUT", "0"],
      ["SET", "key", "value"],
    ]) {
      expect(await asClient(...refused), refused.join(" ")).toContain("NOPERM");
    }
  });

  test("runs with the limits of its environment, well below its own limit of processes", async () => {
    const { pids_stats } = (await database.stats({ stream: false })) as { pids_stats: { current?: number } };
    expect((await database.inspect()).HostConfig.PidsLimit).toBe(64);
    expect(pids_stats.current).toBeLessThan(32);
  });

  test("is red where it does not let the health check in", async () => {
    const files = { ...filesOf("falkordb"), "/etc/falkordb/password": "not-the-password" };
    await waitForHealth(await services.start("falkordb", { files }), "unhealthy", START_SECONDS);
  }, 180_000);

  test("keeps what an estate from before the password remembers, and adds no volume of its own", async () => {
    const volumes = `${prefix}-kept`;
    const environment = { REDIS_ARGS: "--appendonly yes --save 60 1 --maxmemory 3gb --maxmemory-policy noeviction" };
    const writable = { "/var/lib/falkordb/data": { type: "volume", volume: "falkordb-data" } } as const;
    const health = { test: ["CMD", "redis-cli", "-p", "6379", "ping"] } as const;
    const before = await services.start("falkordb", { volumes, facts: { environment, writable, health } });
    await waitForHealth(before, "healthy", START_SECONDS);
    const made = ["redis-cli", "GRAPH.QUERY", "old", "CREATE (:Who {name: 'Ada'})"];
    expect((await execIn(before, made)).output).toContain("Nodes created: 1");
    expect(await volumesOf(before)).toEqual(["/data", "/var/lib/falkordb/data"]);
    await before.stop();
    await before.remove({ v: true });

    const first = database;
    try {
      database = await services.start("falkordb", { volumes });
      await waitForHealth(database, "healthy", START_SECONDS);
      expect(await asClient("GRAPH.QUERY", "old", "MATCH (w:Who) RETURN w.name")).toContain("Ada");
      expect(await volumesOf(database)).toEqual(["/data"]);
    } finally {
      database = first;
    }
  }, 300_000);
});

async function volumesOf(container: Docker.Container): Promise<string[]> {
  const { Mounts } = await container.inspect();
  return Mounts.filter(({ Type }) => Type === "volume")
    .map(({ Destination }) => Destination)
    .sort();
}
