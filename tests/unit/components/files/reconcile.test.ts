import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { reconcileScript } from "#components/files/reconcile.ts";
import type { Reconcile } from "#components/files/service-files.ts";
import { Machine } from "#components/machine/machine.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { secret } from "#components/secrets/reference.ts";
import { postgres } from "#components/services/postgres/service.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import { facts, wired } from "#tests/support/wired.ts";
import { anInput, lockOf } from "../machine/example.ts";

function client(name: string, database: Endpoint): Service {
  return define(name, {
    uses: { database: { to: database, why: "it keeps what it is told" } },
    facts: () => facts({ image: "any" }),
    files: (self) => ({ "/etc/client/login": self.use("database").login() }),
  });
}

function planOf(services: readonly Service[]): MachinePlan {
  return planMachine(anInput({ definition: wired(services), images: lockOf("any", "postgres") }));
}

describe("what a running server is told", () => {
  const database = postgres("database", { extensions: ["vector"] });
  const plan = planOf([database, client("chat", database), client("notes", database)]);

  test("names each client's role, database and password, once", () => {
    const [told] = plan.reconciles;
    expect(told).toMatchObject({ service: "database", container: "office-database" });
    expect(told?.command.join(" ")).toBe("psql --no-psqlrc --quiet --host /var/run/postgresql --username postgres");
    for (const name of ["chat", "notes"]) {
      expect(told?.input).toContain(`'CREATE ROLE "${name}"' WHERE NOT EXISTS`);
      expect(told?.input).toContain(`NOBYPASSRLS PASSWORD '${secret(`database-${name}`)}';`);
      expect(told?.input).toContain(`'CREATE DATABASE "${name}" OWNER "${name}"' WHERE NOT EXISTS`);
      expect(told?.input).toContain(`\\connect "${name}"\nCREATE EXTENSION IF NOT EXISTS "vector";`);
    }
    expect(told?.input).toContain("ARRAY['postgres', 'chat', 'notes']");
  });

  test("is told before the clients start, and only the server's own files replace its container", async () => {
    expect(plan.containers.map(({ name, after }) => [name, after])).toEqual([
      ["database", []],
      ["chat", ["database"]],
      ["notes", ["database"]],
    ]);
    expect(plan.secrets.find(({ name }) => name === "database-chat")?.readers).toEqual(["chat", "database"]);
    expect(plan.files.find(({ service }) => service === "database")?.secrets).toEqual(["database-superuser"]);
    const all = await record(() => new Machine("office", plan));
    const one = (name: string) => all.find((registration) => registration.name === name);
    expect(one("database-reconcile-command")).toMatchObject({
      parent: "database-reconcile",
      additionalSecretOutputs: ["stdin", "stdout", "stderr"],
      inputs: { logging: "none", triggers: [expect.anything()] },
    });
    expect(one("database-reconcile-command")?.inputs.delete).toBeUndefined();
    expect(one("database-reconcile-command")?.dependsOn).toContain("database-container");
    for (const name of ["chat", "notes"]) expect(one(name)?.dependsOn).toContain("database-reconcile-command");
    expect(one("database")?.dependsOn).not.toContain("database-reconcile-command");
  });

  test("lets each client in from its own addresses alone", () => {
    const [directory] = plan.files.find(({ service }) => service === "database")?.directories ?? [];
    expect(directory?.files["pg_hba.conf"]).toBe(
      'local all postgres trust\nhost "chat" "chat" 10.77.0.67/32 scram-sha-256\nhost "notes" "notes" 10.77.0.132/32 scram-sha-256\n',
    );
  });
});

test.each<readonly [Reconcile, string]>([
  [{ command: [], input: "" }, "services.server.reconcile.command: found no program"],
  [
    { command: ["sh", secret("server-key")], input: secret("server-key") },
    "services.server.reconcile.command: found a secret",
  ],
  [{ command: ["sh"], input: secret("nobody") }, "services.server.files.reconcile/input: found the secret nobody"],
])("%j is refused", (reconcile, expected) => {
  const server = define("server", {
    uses: {},
    secrets: { key: { why: "opens it", source: { type: "password", length: 40 } } },
    facts: () => facts({ image: "any" }),
    files: (self) => ({ "/etc/server/key": self.own("key") }),
    reconcile: () => reconcile,
  });
  expect(() => planOf([server])).toThrow(expected);
});

describe("the script", () => {
  /** Runs it with a `docker` of ours, which writes down what it is given. */
  async function run(code: number) {
    const directory = await mkdtemp(join(tmpdir(), "garrison-reconcile-"));
    const said = (name: string) => readFile(join(directory, name), "utf8");
    await writeFile(
      join(directory, "docker"),
      `#!/bin/sh\nprintf '%s\\n' "$@" >${directory}/words\ncat >${directory}/input\ncat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\\\0' ' ' >${directory}/seen\nexit ${String(code)}\n`,
      { mode: 0o755 },
    );
    const input = reconcileScript("office-server", ["psql", "--username", "it's me"], "ALTER 'x'\n\tas \\it is\n");
    const env = { PATH: `${directory}:${process.env.PATH ?? ""}` };
    const { exitCode, all } = await execa("sh", ["-s", "apply"], { input, env, all: true, reject: false });
    const found = { exitCode, all, words: await said("words"), input: await said("input"), seen: await said("seen") };
    await rm(directory, { recursive: true });
    return found;
  }

  test("hands the text over as it is, on stdin: no process has it as an argument", async () => {
    const { exitCode, words, input, seen } = await run(0);
    expect(exitCode).toBe(0);
    expect(words).toBe("exec\n-i\noffice-server\npsql\n--username\nit's me\n");
    expect(input).toBe("ALTER 'x'\n\tas \\it is\n");
    expect(seen).toContain("office-server");
    expect(seen).not.toMatch(/ALTER 'x'|QUxURVIgJ3gn/);
  });

  test("says which program of which container did not take it", async () => {
    const { exitCode, all } = await run(3);
    expect(exitCode).toBe(1);
    expect(all).toContain("garrison: psql in office-server ended with exit code 3");
  });
});
