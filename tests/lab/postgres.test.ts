import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reconcileScript } from "#components/files/reconcile.ts";
import type { FileContext } from "#components/files/service-files.ts";
import type { SecretReference } from "#components/secrets/reference.ts";
import { postgres } from "#components/services/postgres/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { ensureLabImages } from "#lab/images/ensure.ts";
import { deliver } from "../support/configured-service.ts";
import { removeByPrefix, testPrefix } from "../support/docker.ts";
import { pullImage, runHardened, waitForHealth } from "../support/hardened-run.ts";
import { delivered, madeUp } from "../support/office-files.ts";
import { aClient, wired } from "../support/wired.ts";
import { settings } from "../unit/components/machine/example.ts";

const prefix = testPrefix();
const network = `${prefix}-net`;
const docker = new Docker();
let directory: string;
let image: string;
let subnet: string;
let server: Docker.Container;
let address: string;

/** PostgreSQL for these clients, and where each of them is. */
function machineOf(clients: readonly string[]): { readonly service: ServiceSpec; readonly context: FileContext } {
  const database = postgres("database", { extensions: ["vector"] });
  const uses = { database: { to: database, why: "it keeps what it is told" } };
  const own = wired([database, ...clients.map((name) => aClient(name, uses))]);
  const addresses = { database: `${subnet}.5`, ...Object.fromEntries(clients.map((name) => [name, addressOf(name)])) };
  const planned = { name: "data", why: "one for all", internal: true, subnet: `${subnet}.0/24`, bridge: "b" };
  const context = {
    settings,
    networks: [{ ...planned, gateway: `${subnet}.1`, addresses }],
    flows: own.flows,
    allowed: [],
  };
  const service = own.services.find(({ name }) => name === "database");
  if (service === undefined) throw new Error("the machine has its database");
  return { service, context };
}

function addressOf(client: string): string {
  return `${subnet}.${String(10 + Number(client.slice(-1)))}`;
}

/** As `up` replaces the container when its files change: another one on the same volume. */
async function start(clients: readonly string[]): Promise<void> {
  const { service, context } = machineOf(clients);
  const name = `${prefix}-database-${String(clients.length)}`;
  const mounts = await deliver(join(directory, name), service.files?.(context) ?? {}, service);
  server = await runHardened({ ...service, mounts }, { name, image, tools: image, network, volumes: prefix });
  await waitForHealth(server, "healthy", 60);
  address = (await server.inspect()).NetworkSettings.Networks[network]?.IPAddress ?? "";
}

/** What `up` does once the container is healthy. */
async function reconcile(clients: readonly string[], valueOf: (reference: SecretReference) => string = madeUp) {
  const { service, context } = machineOf(clients);
  const told = service.reconcile?.(context);
  const script = reconcileScript(
    (await server.inspect()).Name.slice(1),
    told?.command ?? [],
    delivered(told?.input ?? "", valueOf),
  );
  return execa("sh", ["-s", "apply"], { input: script, reject: false, all: true });
}

/** What a client is answered, in a container at its own address; or at another's. */
async function ask(client: string, password: string, sql: string, database = client, at = client): Promise<string> {
  const words = ["--no-psqlrc", "-At", "--host", address, "--username", client, "--dbname", database, "--command", sql];
  const run = ["exec", "--env", `PGPASSWORD=${password}`, await placeAt(at), "psql", ...words];
  const { all } = await execa("docker", run, { all: true, reject: false });
  return all;
}

const places = new Map<string, string>();

/** A container at a client's address. */
async function placeAt(client: string): Promise<string> {
  const name = places.get(client) ?? `${prefix}-${client}`;
  if (places.has(client)) return name;
  const place = ["--network", network, "--ip", addressOf(client), "--entrypoint", "sleep"];
  await execa("docker", ["run", "--detach", "--rm", "--name", name, ...place, image, "3600"]);
  places.set(client, name);
  return name;
}

const passwordOf = (client: string): string => madeUp({ name: `database-${client}`, slot: "current" });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-postgres-"));
  const { service } = machineOf(["t1"]);
  const lab = await ensureLabImages({ services: [service], lockFile: join(directory, "lock.json") });
  const { repository = "", digest = "" } = lab.images.postgres ?? {};
  image = `${repository}@${digest}`;
  expect(lab.images.postgres?.program).toBe("real");
  await pullImage(docker, image);
  const made = await docker.createNetwork({
    Name: network,
    Internal: true,
    IPAM: { Config: [{ Subnet: "10.213.77.0/24" }] },
  });
  const { IPAM } = (await made.inspect()) as { IPAM: { Config: { Subnet: string }[] } };
  subnet = (IPAM.Config[0]?.Subnet ?? "").split(".").slice(0, 3).join(".");
}, 900_000);

afterAll(async () => {
  await removeByPrefix(prefix);
  await rm(directory, { recursive: true, force: true });
});

test("three clients have a database each, and nobody another's", async () => {
  const three = ["t1", "t2", "t3"];
  await start(three);
  expect(await ask("t1", passwordOf("t1"), "SELECT 1")).toMatch(/password authentication failed|does not exist/);
  for (const round of ["first", "again"]) {
    const { exitCode, all } = await reconcile(three);
    expect(exitCode, `${round}: ${all}`).toBe(0);
  }
  for (const own of three) expect(await ask(own, passwordOf(own), "SELECT current_database()")).toBe(own);
  const filled = "CREATE TABLE said (at vector(2)); INSERT INTO said VALUES ('[1,2]'); SELECT at FROM said";
  expect(await ask("t1", passwordOf("t1"), filled)).toContain("[1,2]");

  expect(await ask("t1", passwordOf("t1"), "SELECT 1", "t2")).toContain("no pg_hba.conf entry");
  expect(await ask("t1", passwordOf("t1"), "SELECT 1", "postgres")).toContain("no pg_hba.conf entry");
  expect(await ask("t1", passwordOf("t1"), "SELECT 1", "t1", "t2")).toContain("no pg_hba.conf entry");
  expect(await ask("t1", passwordOf("t2"), "SELECT 1")).toContain("password authentication failed");
  expect(
    await ask("postgres", madeUp({ name: "database-superuser", slot: "current" }), "SELECT 1", "t1", "t1"),
  ).toContain("no pg_hba.conf entry");
  // Were the list of addresses opened, the databases' own rights would still say no.
  const privileges = "SELECT has_database_privilege('t2', 'CONNECT'), has_database_privilege('t1', 'CONNECT')";
  expect(await ask("t1", passwordOf("t1"), privileges)).toBe("f|t");
  expect((await server.logs({ stdout: true, stderr: true })).toString()).not.toContain(passwordOf("t1"));
}, 120_000);

test("a fourth is told to the server on its filled volume, and one that has left comes in no more", async () => {
  await server.stop();
  const four = ["t1", "t2", "t4", "t5"];
  await start(four);
  expect(await ask("t4", passwordOf("t4"), "SELECT 1")).toContain("password authentication failed");
  expect((await reconcile(four)).exitCode).toBe(0);
  expect(await ask("t4", passwordOf("t4"), "SELECT current_user")).toBe("t4");
  expect(await ask("t1", passwordOf("t1"), "SELECT at FROM said")).toBe("[1,2]");
  const gone = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 't3'";
  expect(await ask("t1", passwordOf("t1"), gone)).toBe("f");
}, 120_000);

test("a rotated password is told to the running server; the one before is refused, and nobody else is touched", async () => {
  const four = ["t1", "t2", "t4", "t5"];
  const rotated = (reference: SecretReference) => (reference.name === "database-t1" ? "afreshone" : madeUp(reference));
  expect((await reconcile(four, rotated)).exitCode).toBe(0);
  expect(await ask("t1", passwordOf("t1"), "SELECT 1")).toContain("password authentication failed");
  expect(await ask("t1", "afreshone", "SELECT at FROM said")).toBe("[1,2]");
  expect(await ask("t2", passwordOf("t2"), "SELECT current_user")).toBe("t2");
}, 120_000);

test("a server that does not take it is an error in words without a secret", async () => {
  await server.stop();
  const { exitCode, all } = await reconcile(["t1", "t2", "t4", "t5"]);
  expect(exitCode).toBe(1);
  expect(all).toMatch(
    /psql in \S+ ended with exit code 1, so it does not know what it has to; type on its machine: docker/,
  );
  expect(all).not.toContain(passwordOf("t1"));
}, 60_000);
