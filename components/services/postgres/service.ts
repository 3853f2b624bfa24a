import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { pgHba, postgresClients, postgresqlConf } from "./config.ts";
import type { PostgresExtension } from "./config.ts";
import { evidence } from "./evidence.ts";

export interface PostgresOptions {
  /** Made in the database of every client, by the superuser: `["vector"]`. @default none */
  readonly extensions?: readonly PostgresExtension[];
}

const VOLUME = "/var/lib/postgresql/data";
/** Below the volume, as initdb advises: it refuses a directory that holds anything, our mark of a volume too. */
const DATA = `${VOLUME}/pgdata`;

/**
 * PostgreSQL with pgvector. Each client has a database and a role of its own, named like the service, with a password of
 * its own and from its own addresses only. They are made by `reconcile`, before the first client starts; a client that is
 * added later, and a rotated password, are told to the running server. A role has one password: between that and the
 * client's own restart, new connections with the one before are refused.
 *
 * @example
 * ```ts
 * const database = postgres("database", { extensions: ["vector"] });
 * const chat = define("chat", {
 *   uses: { database: { to: database, why: "what people said is kept" } },
 *   facts: () => facts,
 *   files: (self) => ({
 *     "/etc/chat/database": `postgres://${self.name}:${self.use("database").login()}@${self.use("database").authority}/${self.name}`,
 *   }),
 * });
 * ```
 */
export function postgres(name: string, { extensions = [] }: PostgresOptions = {}): Endpoint<"postgres"> {
  return define(name, {
    uses: {},
    serves: { speaks: "postgres", port: 5432, login: { why: "opens its client's database" } },
    secrets: {
      superuser: {
        why: "the image wants one for the superuser, who comes in by the socket alone and is asked for none",
        source: { type: "password", length: 40 },
      },
    },
    facts: (self) => ({
      purpose: "PostgreSQL with pgvector: a database for each client",
      image: "postgres",
      evidence,
      memory: 1024,
      memoryFloor: 256,
      cpus: 2,
      // A process for each of 100 connections, and its own.
      pids: 160,
      command: ["postgres", "-c", "config_file=/etc/postgresql/postgresql.conf"],
      environment: { PGDATA: DATA, POSTGRES_PASSWORD_FILE: "/etc/postgresql/superuser" },
      writable: {
        "/tmp": tmpfs(64),
        "/var/run/postgresql": tmpfs(8),
        [VOLUME]: volume(`${self.name}-data`),
      },
      // While the image makes a new database, the server listens on the socket alone.
      health: exec(["pg_isready", "--quiet", "--host", "127.0.0.1", "--username", "postgres"], { startPeriod: 60 }),
      listens: [5432],
      database: true,
      stopSeconds: 60,
    }),
    files: (self) => ({
      "/etc/postgresql/postgresql.conf": postgresqlConf(),
      "/etc/postgresql/pg_hba.conf": pgHba(self),
      "/etc/postgresql/superuser": self.own("superuser"),
    }),
    reconcile: (self) => postgresClients(self, extensions),
  });
}
