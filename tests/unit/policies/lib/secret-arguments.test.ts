import { expect, test } from "vitest";

import { secretArguments } from "#policies/lib/secret-arguments.ts";

const at = (words: readonly string[]) =>
  secretArguments(words.map((value, index) => ({ path: String(index), value }))).map(({ path }) => Number(path));

test.each<[number, string[]]>([
  [2, ["redis-server", "--requirepass", "Summer-2024!x"]],
  [2, ["redis-server", "--requirepass", "foobared"]],
  [2, ["valkey-server", "--masterauth", "foobared"]],
  [2, ["app", "--admin-password", "admin"]],
  [2, ["app", "-adminPassword", "Summer-2024!"]],
  [2, ["sh", "-c", "mysql -uroot -pSummer-2024!x"]],
  [2, ["mysql", "-uroot", "-psummer"]],
  [2, ["CMD-SHELL", "x", "mysqladmin ping -h localhost -u root -proot"]],
  [1, ["CMD-SHELL", "mariadb-admin -uroot -proot ping"]],
  [3, ["CMD", "redis-cli", "-a", "summer", "ping"]],
  [2, ["sh", "-c", "redis-cli -a summer ping | grep PONG"]],
  [2, ["sh", "-c", "sshpass -psummer ssh deploy@192.0.2.1"]],
  [3, ["CMD", "mongosh", "-p", "summer", "--eval", "1"]],
  [4, ["sqlcmd", "-S", "localhost", "-P", "Summer"]],
  [2, ["sh", "-c", "curl -fsS -u admin:admin http://127.0.0.1:9200/_cluster/health"]],
  [2, ["curl", "--user", "elastic:changeme", "http://127.0.0.1:9200"]],
  [1, ["CMD-SHELL", "ldapsearch -x -D cn=admin -w summer"]],
  [2, ["sh", "-c", "docker login -u deploy -p summer registry.example"]],
  [2, ["sh", "-c", "openssl pkcs12 -export -passout pass:summer -in x"]],
  [3, ["openssl", "enc", "-k", "Zk3vQ9mX2"]],
  [1, ["CMD-SHELL", "mosquitto_sub -u a -P summer -t x"]],
  [4, ["htpasswd", "-bc", "/etc/nginx/htpasswd", "ada", "Summer-2024!"]],
  [3, ["htpasswd", "-nbB", "ada", "Summer-2024!"]],
  [4, ["mosquitto_passwd", "-b", "/etc/mosquitto/passwd", "ada", "Summer-2024!"]],
  [3, ["rabbitmqctl", "add_user", "ada", "Summer-2024!"]],
  [3, ["openssl", "passwd", "-6", "Summer-2024!"]],
  [2, ["sh", "-c", "psql -c \"ALTER USER ada PASSWORD 'Summer-2024!'\""]],
])("word %i of %j is a password", (index, words) => {
  expect(at(words)).toEqual([index]);
});

test.each([
  [["redis-server", "--requirepass", "$REDIS_PASSWORD"]],
  [["htpasswd", "-B", "/etc/nginx/htpasswd", "ada"]],
  [["htpasswd", "-nbB", "ada", "$PASSWORD"]],
  [["openssl", "passwd", "-6", "-stdin"]],
  [["rabbitmqctl", "list_users"]],
  [["redis-server", "--appendonly", "yes", "--save", "60", "1"]],
  [["app", "--password-file", "/run/secrets/password"]],
  [["app", "--password"]],
  [["app", "--password", "--verbose"]],
  [["app", "--token", "$(cat /run/secrets/token)"]],
  [["sh", "-c", "mysqladmin ping -h localhost -u root -p$MYSQL_ROOT_PASSWORD"]],
  [["mysqladmin", "ping", "-h", "localhost", "-P", "3306"]],
  [["mysql", "-h", "db", "-p"]],
  [["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]],
  [["curl", "-u", "admin:$PASSWORD", "http://127.0.0.1/"]],
  [["curl", "-u", "admin", "http://127.0.0.1/"]],
  [["docker", "run", "-p", "127.0.0.1:8080:80", "nginx"]],
  [["CMD", "pg_isready", "-U", "postgres", "-p", "5432"]],
  [["redis-cli", "ping"]],
  [["redis-cli", "-a", "$PASS", "ping"]],
  [["node", "-p", "process.version"]],
  [["python", "-m", "http.server", "-p", "8080"]],
  [["mkdir", "-p", "/data/password"]],
  [["sh", "-c", "mkdir -p /var/lib/mysql && exec mysqld --user=mysql"]],
  [["nc", "-w", "2", "db", "5432"]],
  [["unzip", "-p", "archive.zip"]],
])("%j holds none", (words) => {
  expect(at(words)).toEqual([]);
});
