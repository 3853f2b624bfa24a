import type { Reconcile } from "#components/files/service-files.ts";
import type { Rendering } from "#components/wiring/blueprint.ts";

/** Extensions of the image that a client may want in its database. */
export type PostgresExtension = "vector" | "pg_trgm" | "uuid-ossp";

const HBA = "/etc/postgresql/pg_hba.conf";

export function postgresqlConf(): string {
  return `listen_addresses = '*'
port = 5432
max_connections = 100
unix_socket_directories = '/var/run/postgresql'
hba_file = '${HBA}'
password_encryption = 'scram-sha-256'
shared_buffers = '128MB'
timezone = 'UTC'
log_timezone = 'UTC'
`;
}

/**
 * Each client reaches its own database as its own role, from its own addresses. The superuser comes in by the socket alone,
 * which is in the container's memory: who is there owns the data anyway.
 */
export function pgHba(self: Rendering): string {
  const clients = self
    .clients()
    .flatMap(({ name, addresses }) =>
      addresses.map((address) => `host "${name}" "${name}" ${address}/32 scram-sha-256\n`),
    );
  return ["local all postgres trust\n", ...clients].join("");
}

/**
 * A role and a database for each client, named like it; the same text again changes nothing. A role whose client has left
 * logs in no more, and keeps its data. The server's log shows nothing of what is said here.
 */
export function postgresClients(self: Rendering, extensions: readonly PostgresExtension[]): Reconcile {
  const clients = self.clients();
  const names = clients.map(({ name }) => literal(name));
  const databases = clients.map(({ name }) => [
    `\\connect ${identifier(name)}`,
    ...extensions.map((own) => `CREATE EXTENSION IF NOT EXISTS ${identifier(own)};`),
  ]);
  const input = [
    "\\set ON_ERROR_STOP on",
    "SET client_min_messages = 'warning';",
    "SET log_statement = 'none';",
    "SET log_min_duration_statement = -1;",
    "SET log_min_error_statement = 'panic';",
    "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;",
    ...clients.flatMap(({ name, login }) => roleAndDatabase(name, login())),
    `SELECT format('ALTER ROLE %I NOLOGIN', rolname) FROM pg_roles WHERE rolcanlogin AND rolname <> ALL (ARRAY[${["'postgres'", ...names].join(", ")}]) \\gexec`,
    ...(extensions.length === 0 ? [] : databases.flat()),
    "",
  ];
  return {
    command: ["psql", "--no-psqlrc", "--quiet", "--host", "/var/run/postgresql", "--username", "postgres"],
    input: input.join("\n"),
  };
}

function roleAndDatabase(name: string, password: string): string[] {
  const [role, text] = [identifier(name), literal(name)];
  const rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";
  return [
    `SELECT ${literal(`CREATE ROLE ${role}`)} WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${text}) \\gexec`,
    `ALTER ROLE ${role} ${rights} PASSWORD '${password}';`,
    `SELECT ${literal(`CREATE DATABASE ${role} OWNER ${role}`)} WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${text}) \\gexec`,
    `REVOKE ALL ON DATABASE ${role} FROM PUBLIC;`,
  ];
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
