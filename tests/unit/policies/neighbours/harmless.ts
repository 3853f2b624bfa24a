import { labels } from "#policies/lib/examples.ts";
import { bound, given, resource, service, shell } from "./case.ts";
import type { Neighbour } from "./case.ts";

const BUILDX = "docker-build:index:Image";
const commit = "0123456789".repeat(4);
const option = (text: string) => given(text, { securityOpts: ["no-new-privileges:true", text] });
const variable = (text: string) => given(`the variable ${text}`, { envs: [text] });
const check = (...tests: string[]) => given(`the check ${tests.join(" ")}`, { healthcheck: { tests } });
const command = (...words: string[]) => given(`the command ${words.join(" ")}`, { command: words });
const network = (properties: object) =>
  resource(`a network, ${JSON.stringify(properties)}`, "Network", { name: "n", ...properties });
const volume = (properties: object) =>
  resource(`a volume, ${JSON.stringify(properties)}`, "Volume", { name: "v", ...properties });
const image = (build: object) =>
  resource(`a build, ${JSON.stringify(build)}`, "RemoteImage", { name: "x:1", build: { context: ".", ...build } });
const inline = (text: string) => resource(text, BUILDX, { context: { location: "." }, dockerfile: { inline: text } });
const upload = (changes: object) => given(`an upload, ${JSON.stringify(changes)}`, { uploads: [changes] });

/** What public programs, compose files and the providers' own examples ask for and that hurts nobody. */
export const harmless: readonly Neighbour[] = [
  ...[
    "/srv/app",
    "/mnt/data/films",
    "/media/disk/photos",
    "/opt/app/config",
    "/data/app",
    "/var/log/app",
    "/tmp/app",
    "/home/ada/app",
    "/var/lib/postgresql/data",
    "/volume1/docker/app",
  ].map((source) => bound(source)),
  ...[
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ssl/certs",
    "/etc/machine-id",
    "/etc/os-release",
    "/usr/share/zoneinfo",
    "/var/log",
    "/var/log/journal",
    "/run/udev",
    "/srv/app/nginx.conf",
  ].map((source) => bound(source, undefined, true)),
  given("a volume and a tmpfs", {
    mounts: [
      { type: "volume", source: "data", target: "/data" },
      { type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 1024, mode: 1023 } },
    ],
  }),
  volume({}),
  volume({ driver: "local" }),
  volume({ driver: "local", driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=100m,uid=1000" } }),
  volume({ driver: "rexray/ebs", driverOpts: { size: "20" } }),
  volume({ driver: "pxd", driverOpts: { repl: "3", size: "10G" } }),
  volume({ labels: labels({ backup: "daily" }) }),

  ...[
    "apparmor=docker-default",
    "apparmor=my-profile",
    "label=type:container_t",
    "label=level:s0:c100,c200",
    "seccomp=profiles/default.json",
    'seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write","exit"],"action":"SCMP_ACT_ALLOW"}]}',
  ].map(option),
  ...["video", "44", "render", "992", "audio", "1000", "20500", "100"].map((group) =>
    given(`the group ${group}`, { groupAdds: [group] }),
  ),

  upload({ file: "/etc/nginx/conf.d/default.conf", content: "server { listen 8080; }" }),
  upload({
    file: "/usr/local/bin/entrypoint.sh",
    content: "#!/bin/sh\nexec app\n",
    executable: true,
    permissions: "0755",
  }),
  upload({ file: "/app/config.yaml", content: "log: info\n", permissions: "0644" }),
  upload({ file: "/etc/prometheus/prometheus.yml", content: "global: {}\n" }),
  upload({
    file: "/usr/share/nginx/html/index.html",
    contentBase64: "PGh0bWw+SGVsbG8sIHRoaXMgaXMgYSBwYWdlPC9odG1sPg==",
  }),
  upload({ file: "/data/shared", content: "x", permissions: "1777" }),
  upload({ file: "/etc/grafana/provisioning/datasources/x.yaml", content: "apiVersion: 1\n" }),
  service("a configuration", {
    configs: [{ configName: "a", fileName: "/etc/app/app.toml", fileMode: 292, fileUid: "0" }],
  }),
  service("a secret", { secrets: [{ secretName: "a", fileName: "/run/secrets/a", fileMode: 256 }] }),
  ...[
    "chmod 0755 /data/x && exec app",
    "chmod 2775 /data && exec app",
    "chmod +x /data/x; exec app",
    "chmod u+rwx,g+rx /data",
    "install -m 0755 a /usr/local/bin/a",
    "setcap cap_net_bind_service=+ep /app/server; exec app",
    "chown -R app:app /data && exec su-exec app server",
    "umask 0027 && exec app",
    "echo ready > /tmp/ready; exec app",
  ].map((text) => shell(text)),

  check("CMD", "nc", "-z", "127.0.0.1", "8080"),
  check("CMD-SHELL", "nc -zw1 localhost 5432 || exit 1"),
  check("CMD-SHELL", "bash -c '</dev/tcp/127.0.0.1/8080'"),
  check(
    "CMD-SHELL",
    "exec 3<>/dev/tcp/localhost/9000 && printf 'GET /health HTTP/1.1\\r\\n\\r\\n' >&3 && grep -q ok <&3",
  ),
  check("CMD", "curl", "-fsS", "http://127.0.0.1:8080/health"),
  check("CMD-SHELL", "wget -qO- http://127.0.0.1:3000/ || exit 1"),
  check("CMD-SHELL", "pg_isready -U $$POSTGRES_USER -d app"),
  check("CMD", "redis-cli", "ping"),
  check("CMD-SHELL", "mysqladmin ping -h 127.0.0.1 -u root -p$$MYSQL_ROOT_PASSWORD"),
  check("CMD", "python", "-c", "import socket; socket.create_connection(('127.0.0.1', 80))"),
  command("jupyter", "lab", "--ip=127.0.0.1", "--no-browser"),
  command("jupyter", "lab", "--ServerApp.token_file=/run/secrets/token"),
  command("node", "--inspect=127.0.0.1:9229", "server.js"),
  command("node", "--inspect", "server.js"),
  command("code-server", "--auth", "password"),
  command("ssh", "-N", "-L", "5432:db:5432", "tunnel@192.0.2.1"),
  command("socat", "TCP-LISTEN:8080,fork", "TCP:app:8080"),
  command("dlv", "version"),
  command("redis-server", "--appendonly", "yes", "--maxmemory", "64mb"),
  command("postgres", "-c", "max_connections=200", "-c", "shared_buffers=128MB"),
  command("mysqld", "--character-set-server=utf8mb4", "--default-authentication-plugin=caching_sha2_password"),
  command("--providers.docker=false", "--entrypoints.web.address=:8080"),
  command("server", "--token-file", "/run/secrets/token", "--password-file=/run/secrets/password"),
  command("tunnel", "--no-autoupdate", "run", "--token-file", "/run/secrets/token"),
  command("minio", "server", "/data", "--console-address", ":9001"),

  ...[
    "POSTGRES_PASSWORD_FILE=/run/secrets/db",
    "POSTGRES_HOST_AUTH_METHOD=scram-sha-256",
    "POSTGRES_USER=postgres",
    "POSTGRES_DB=paperless",
    "MYSQL_RANDOM_ROOT_PASSWORD=yes",
    "ALLOW_EMPTY_PASSWORD=no",
    "GF_USERS_ALLOW_SIGN_UP=false",
    "GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/grafana",
    "AUTH_TYPE=basic",
    "KEYCLOAK_ADMIN=admin",
    "JWT_EXPIRES_IN=3600",
    "JWT_ALGORITHM=HS256",
    "SESSION_COOKIE_NAME=sid",
    "CSRF_COOKIE_SECURE=true",
    "PASSWORD_RESET_TIMEOUT=3600",
    "TOKENIZERS_PARALLELISM=false",
    "SECRET_PROVIDER=vault",
    "S3_BUCKET=backups",
    "AWS_REGION=eu-central-1",
    "VAULT_ADDR=https://vault.example:8200",
    "DATABASE_URL=postgres://app@db/app",
    "REDIS_URL=redis://cache:6379/0",
    "SMTP_HOST=mail.example.org",
    "PUID=1000",
    "DOCKER_CONTENT_TRUST=1",
    "JAVA_OPTS=-Xmx256m -XX:+UseG1GC",
    "NODE_OPTIONS=--max-old-space-size=256",
    "PASSKEY_RP_ID=example.org",
    "GIT_SHA=9fceb02d0ae598e95dc970b74767f19372d61af8",
  ].map(variable),
  given("the usual labels", {
    labels: labels({
      "traefik.enable": "true",
      "traefik.http.routers.app.rule": "Host(`app.example.org`)",
      "homepage.widget.type": "prowlarr",
      "com.centurylinklabs.watchtower.enable": "false",
    }),
  }),

  given("the host by its name", { hosts: [{ host: "host.docker.internal", ip: "host-gateway" }] }),
  given("a name of the network", { hosts: [{ host: "auth.example.org", ip: "192.168.1.10" }] }),
  given("a name that it is kept from", { hosts: [{ host: "telemetry.microsoft.com", ip: "0.0.0.0" }] }),
  ...[
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "192.168.1.1",
    "10.0.0.2",
    "127.0.0.11",
    "172.17.0.1",
    "2606:4700:4700::1111",
  ].map((dns) => given(`the resolver ${dns}`, { dns: [dns] })),
  given("a longer queue", { sysctls: { "net.core.somaxconn": "1024" } }),
  given("a tunnel's mark", { sysctls: { "net.ipv4.conf.all.src_valid_mark": "1" } }),

  network({}),
  network({ driver: "bridge", internal: true }),
  network({ driver: "bridge", options: { "com.docker.network.bridge.name": "br-app" } }),
  network({ driver: "bridge", options: { "com.docker.network.bridge.enable_icc": "false" } }),
  network({ driver: "bridge", options: { "com.docker.network.bridge.enable_ip_masquerade": "true" } }),
  network({ driver: "bridge", options: { "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" } }),
  network({ driver: "bridge", options: { "com.docker.network.bridge.gateway_mode_ipv4": "nat" } }),
  network({ driver: "bridge", options: { "com.docker.network.bridge.gateway_mode_ipv6": "isolated" } }),
  network({
    driver: "bridge",
    options: { "com.docker.network.driver.mtu": "1400" },
    ipamConfigs: [{ subnet: "10.10.0.0/24" }],
  }),
  network({ driver: "overlay", options: { encrypted: "true" } }),

  image({}),
  image({ context: "./app", dockerfile: "Dockerfile.prod", target: "runtime", buildArgs: { VERSION: "1.2.3" } }),
  image({ networkMode: "none" }),
  image({ networkMode: "default" }),
  image({ context: `https://git.example/team/app.git#${commit}` }),
  image({ context: `https://git.example/team/app.git#${commit}:server` }),
  image({ context: "/srv/build/app" }),
  image({ additionalContexts: [`base=docker-image://example/base@sha256:${"ab".repeat(32)}`, "shared=../shared"] }),
  image({ extraHosts: ["db.internal:10.0.0.5"], secrets: [{ id: "npm", src: "./npm-token" }] }),
  resource("an image of the first kind", "Image", {
    imageName: "r.example/x:1",
    build: { context: ".", args: { NODE_ENV: "production" } },
  }),
  resource("an image of the first kind, by its directory", "Image", { imageName: "r.example/x:1", build: "./app" }),
  resource("buildx", BUILDX, {
    context: { location: "./app" },
    platforms: ["linux/amd64"],
    push: true,
    tags: ["r.example/x:1"],
    ssh: [{ id: "default" }],
  }),
  resource("buildx with caches", BUILDX, {
    context: { location: "." },
    cacheFrom: [{ registry: { ref: "r.example/x:cache" } }],
    cacheTo: [{ inline: {} }],
  }),
  resource("buildx that writes a file", BUILDX, {
    context: { location: "." },
    exports: [{ tar: { dest: "./out.tar" } }],
  }),
  inline(
    "# syntax=docker/dockerfile:1\nFROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nUSER 20001\n",
  ),
  inline(
    "FROM alpine:3.22\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\nRUN --mount=type=secret,id=npm npm ci\n",
  ),
  inline(
    `FROM alpine:3.22\nADD --checksum=sha256:${"ab".repeat(32)} https://example.org/tool /usr/local/bin/tool\nRUN chmod 0755 /usr/local/bin/tool\n`,
  ),
  inline(`FROM alpine:3.22\nADD https://git.example/a/b.git#${commit} /src\nADD app.tar.gz /app\n`),
  resource("a builder", "BuildxBuilder", {
    name: "b",
    driver: "docker-container",
    dockerContainer: { memory: "2g" },
    platforms: ["linux/arm64"],
  }),
  inline(
    "FROM alpine:3.22\nRUN <<EOF\napk add --no-cache curl\nEOF\nHEALTHCHECK CMD curl -fsS http://127.0.0.1:8080/\n",
  ),
  inline(
    "FROM debian:12\nENV DEBIAN_FRONTEND=noninteractive\nWORKDIR /srv\nRUN apt-get update \\\n  # the tools\n  && apt-get install -y jq\n",
  ),
  inline("FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci && npm run build\n"),
  inline(
    'FROM alpine:3.22\nRUN wget -qO /tmp/a https://files.example/a && echo "0a1b  /tmp/a" | sha256sum -c - && sh /tmp/a\n',
  ),
  resource("a build below a home", "RemoteImage", { name: "x", build: { context: "/home/ada/app" } }),
  resource("a copied unit", "command:remote:CopyToRemote", {
    connection: { host: "192.0.2.10", user: "deploy", hostKey: "ssh-ed25519 AAAA" },
    remotePath: "/etc/systemd/system/app.service",
    source: { text: "[Service]\nExecStart=/opt/app/server\nUser=app\n" },
  }),
  resource("a copied setting", "command:remote:CopyToRemote", {
    connection: { host: "192.0.2.10", user: "deploy", hostKey: "ssh-ed25519 AAAA" },
    remotePath: "/etc/docker/daemon.json",
    source: { text: '{"log-driver":"local","userns-remap":"default"}' },
  }),
  ...[
    "POSTGRES_HOST_AUTH_METHOD=scram-sha-256",
    "POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256",
    "MYSQL_ALLOW_EMPTY_PASSWORD=no",
    "MYSQL_RANDOM_ROOT_PASSWORD=yes",
    "GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer",
    `SETTINGS=${Buffer.from('{"db":{"passwordFile":"/run/secrets/db"}}').toString("base64")}`,
  ].map((one) => given(one, { envs: [one] })),
  resource("a cloud-config", "hcloud:index/server:Server", {
    userData:
      "#cloud-config\nchpasswd:\n  users: [{name: ada, type: RANDOM}]\napt:\n  sources:\n    a: {source: 'deb [signed-by=/etc/apt/keyrings/a.asc] https://deb.example stable main'}\nusers: [{name: ada, lock_passwd: true}]\n",
  }),
  resource("metadata", "gcp:compute/instance:Instance", {
    metadata: { "enable-oslogin": "TRUE", "ssh-keys": "ada:ssh-ed25519 AAAA ada" },
  }),
  resource("a file behind two signs", "command:local:Command", {
    create: "kubectl create secret generic a --from-file=password=/run/secrets/a --from-literal=user=application",
  }),
  resource("a builder by ssh", "BuildxBuilder", { name: "b", endpoint: "ssh://build@192.0.2.10" }),
  resource("a pushed image", "RegistryImage", { name: "r.example/x:1", keepRemotely: true }),
  resource("a push to the loopback", "RegistryImage", {
    name: "localhost:5000/x:1",
    authConfig: { address: "http://localhost:5000" },
  }),
  resource("a plugin", "Plugin", { name: "grafana/loki-docker-driver:3", alias: "loki", enabled: true }),
  resource("a plugin with a directory of its own", "Plugin", {
    name: "example/volumes:1",
    grantPermissions: [{ name: "mount", values: ["/srv/volumes"] }],
  }),
  resource("a provider by ssh", "pulumi:providers:docker", {
    host: "ssh://deploy@192.0.2.10",
    sshOpts: '["-o","UserKnownHostsFile=/etc/ssh/known","-o","StrictHostKeyChecking=yes"]',
  }),
  service("a service", {
    env: { TZ: "Europe/Berlin" },
    dnsConfig: { nameservers: ["9.9.9.9"] },
    privileges: { seLinuxContext: { type: "container_t" } },
  }),
];
