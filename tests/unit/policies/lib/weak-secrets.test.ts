import { expect, test } from "vitest";

import { secretsInText, secretUnderName } from "#policies/lib/secret-patterns.ts";

const weak: readonly (readonly [name: string, value: string])[] = [
  ["POSTGRES_PASSWORD", "paperless"],
  ["POSTGRES_PASSWORD", "postgres"],
  ["MYSQL_ROOT_PASSWORD", "root"],
  ["MYSQL_PASSWORD", "changeme"],
  ["MARIADB_ROOT_PASSWORD", "1234"],
  ["MONGO_INITDB_ROOT_PASSWORD", "example"],
  ["GF_SECURITY_ADMIN_PASSWORD", "admin"],
  ["RABBITMQ_DEFAULT_PASS", "guest"],
  ["RABBITMQ_ERLANG_COOKIE", "firecrawl-secret-cookie"],
  ["DB_PASS", "nextcloud"],
  ["SMTP_PW", "mailer"],
  ["MINIO_ROOT_PASSWORD", "minioadmin"],
  ["REDIS_PASSWORD", "your_password_here"],
  ["adminPassword", "password"],
  ["administratorLoginPassword", "P@ssw0rd"],
  ["sa_password", "sa"],
  ["homepage.widget.password", "letmein"],
  ["keystorePassword", "changeit"],
  ["sshPassphrase", "correct horse"],
  ["requirepass", "foobared"],
  ["JWT_SECRET", "secret"],
  ["JWT_SECRET", "super-secret-change-in-production"],
  ["SECRET_KEY", "changeme"],
  ["NEXTAUTH_SECRET", "please-change-me"],
  ["APP_SECRET", "mysecret"],
  ["AUTH_TOKEN", "test"],
  ["ENCRYPTION_KEY", "12345"],
  ["API_KEY", "replace-with-your-key"],
  ["NEO4J_AUTH", "neo4j/password"],
  ["WIFI_PSK", "homehome"],
];

test.each(weak)("%s: a word that everybody guesses is a secret", (name, value) => {
  expect(secretUnderName(name, value)).toBeDefined();
});

const harmless: readonly (readonly [name: string, value: string])[] = [
  ["POSTGRES_PASSWORD", ""],
  ["POSTGRES_PASSWORD", "${DB_PASSWORD}"],
  ["POSTGRES_PASSWORD", "$DB_PASSWORD"],
  ["POSTGRES_PASSWORD", "/run/secrets/db"],
  ["POSTGRES_PASSWORD", "file:/run/secrets/db"],
  ["POSTGRES_PASSWORD", "vault:secret/data/db#password"],
  ["POSTGRES_PASSWORD", "op://vault/db/password"],
  ["POSTGRES_PASSWORD_FILE", "/run/secrets/db"],
  ["MYSQL_ALLOW_EMPTY_PASSWORD", "yes"],
  ["MYSQL_ALLOW_EMPTY_PASSWORD", "1"],
  ["MYSQL_RANDOM_ROOT_PASSWORD", "yes"],
  ["ALLOW_PASSWORD", "everyone"],
  ["RESET_PASSWORD", "by-mail"],
  ["REQUIRE_PASSWORD", "always"],
  ["PASSWORD_HASHING", "argon2id"],
  ["PASSWORD_MIN_LENGTH", "12"],
  ["PASSWORD_LOGIN", "enabled"],
  ["DISABLE_PASSWORD", "true"],
  ["disablePasswordAuthentication", "true"],
  ["passwordPolicy", "strict"],
  ["passwordHash", "$2b$12$abcdefghijklmnopqrstuv"],
  ["ADMIN_PASSWORD", "$argon2id$v=19$m=65536$abc"],
  ["passwordSecretName", "database"],
  ["existingSecret", "postgres-credentials"],
  ["imagePullSecrets", "registry-login"],
  ["tlsSecret", "wildcard-example-org"],
  ["secretKey", "password"],
  ["passwordKey", "password"],
  ["password", "[parameters('adminPassword')]"],
  ["password", "{{resolve:secretsmanager:db}}"],
  ["password", "<redacted>"],
  ["password", "[secret]"],
  ["password", "********"],
  ["password", "string"],
  ["login.password", "Password"],
  ["csrfToken", "token"],
  ["password", "securestring"],
  ["password", "var.db_password"],
  ["password", "config.require"],
  ["password", "ENC(c29tZXRoaW5n)"],
  ["password", "The password of the first user."],
  ["db_password_ref", "db"],
  ["PASSWORD_STORE", "pass"],
  ["PASS_THROUGH", "headers"],
  ["BYPASS", "localhost"],
  ["COMPASS", "north"],
  ["SESSION_COOKIE", "sid"],
  ["COOKIE_DOMAIN", "example.org"],
  ["COOKIE_NAME", "session"],
  ["TOKEN_TYPE", "bearer"],
  ["TOKEN_ISSUER", "example"],
  ["MAX_TOKENS", "4096"],
  ["TOKENIZER", "cl100k"],
  ["API_KEY_HEADER", "x-api-key"],
  ["apiKey", "production"],
  ["KEY", "test"],
  ["PUBLIC_KEY", "test"],
  ["SSH_KEY_PATH", "/keys/id"],
  ["AUTH_METHOD", "password"],
  ["MODE", "changeme"],
  ["POSTGRES_USER", "postgres"],
  ["SECRET_PROVIDER", "vault"],
  ["NEO4J_AUTH", "none"],
  ["BASIC_AUTH", "enabled"],
  ["ADMIN_PASSWORD", "$apr1$abcdefgh$0123456789"],
];

test.each(harmless)("%s=%s is no secret", (name, value) => {
  expect(secretUnderName(name, value)).toBeUndefined();
});

test.each([
  ["a line of a file with variables", "A=1\nDB_PASSWORD=postgres\nB=2"],
  ["an exported one", "#!/bin/sh\nexport ADMIN_PASSWORD='admin'\nexec app"],
  ["one of a build", "FROM alpine\nENV DB_PASSWORD=changeme\n"],
  ["a text that connects to a database", "Server=db;User Id=sa;Password=sa;Encrypt=true"],
  ["a login in a header", "Authorization: Basic YWRtaW46YWRtaW4="],
  ["a token in a header", '{"Authorization": "Bearer 0aB1cD2eF3gH4iJ5kL6mN7oP8q"}'],
])("in a text: %s", (_, text) => {
  expect(secretsInText(text)).toHaveLength(1);
});

test.each([
  "set PASSWORD=test before you run it",
  "DB_PASSWORD=$DB_PASSWORD",
  "DB_PASSWORD=",
  "Authorization: Bearer $TOKEN",
  "Authorization: Bearer <token>",
  "the authorization: see the page on tokens",
])("in a text, none: %s", (text) => {
  expect(secretsInText(text)).toEqual([]);
});
