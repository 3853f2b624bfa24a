import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ConnectionLog, parseConnections } from "#lab/internet/connection-log.ts";

let directory = "";
const connection = { protocol: "tcp", from: "10.77.255.253", fromPort: 4711, to: "203.0.113.66", toPort: 22 } as const;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-internet-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

it("is read as it was written, by its owner only", async () => {
  const file = join(directory, "log");
  const log = new ConnectionLog(file);
  log.add(connection);
  log.add({ ...connection, toPort: 443, server: "a.example" });
  log.close();
  const [first, second] = parseConnections(await readFile(file, "utf8"));
  expect(first).toMatchObject(connection);
  expect(second).toMatchObject({ toPort: 443, server: "a.example" });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("goes on where the last run ended", async () => {
  const file = join(directory, "log");
  for (let run = 0; run < 2; run += 1) {
    const log = new ConnectionLog(file);
    log.add(connection);
    log.close();
  }
  expect(parseConnections(await readFile(file, "utf8"))).toHaveLength(2);
});

it("never grows without bound: whoever floods the lab internet must not fill the disk", async () => {
  const file = join(directory, "log");
  const log = new ConnectionLog(file, 1000);
  for (let count = 0; count < 500; count += 1) log.add(connection);
  log.close();
  expect((await stat(file)).size).toBeLessThan(1300);
  expect(parseConnections(await readFile(file, "utf8")).length).toBeGreaterThan(0);
});

it("loses a line on a full disk, and no more", () => {
  const log = new ConnectionLog("/dev/full");
  log.add(connection);
  log.close();
});

it("is read up to its last whole line", () => {
  const line = JSON.stringify({ time: "2026-01-01T00:00:00.000Z", ...connection });
  expect(parseConnections(`${line}\n${line.slice(0, 20)}`)).toHaveLength(1);
});
