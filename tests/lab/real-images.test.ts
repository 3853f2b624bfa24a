import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { exec } from "#components/container/health.ts";
import { userOf } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { ensureLabImages } from "#lab/images/ensure.ts";
import type { LabImages } from "#lab/images/ensure.ts";
import { office } from "#stacks/office.ts";
import { removeByPrefix, testPrefix } from "../support/docker.ts";
import { execIn, pullImage, runHardened, waitForHealth } from "../support/hardened-run.ts";

const prefix = testPrefix();
const docker = new Docker();
let directory = "";
let lab: LabImages;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-real-images-"));
  // Readable on the way to what is mounted, which is for its user alone.
  await chmod(directory, 0o755);
  const keys = ["egress-proxy", "falkordb", "nginx", "openclaw", "openclaw-sandbox", "searxng", "valkey"];
  lab = await ensureLabImages({ services: office.services, keys, lockFile: join(directory, "lock.json") });
  for (const key of keys) await pullImage(docker, referenceOf(key));
}, 600_000);

afterEach(async () => {
  await removeByPrefix(prefix);
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

function referenceOf(key: string): string {
  const image = lab.images[key];
  if (image === undefined) throw new Error(`no image ${key}`);
  return `${image.repository}@${image.digest}`;
}

function serviceNamed(name: string): ServiceSpec {
  const spec = office.services.find((service) => service.name === name);
  if (spec === undefined) throw new Error(`no service ${name}`);
  return spec;
}

/** Files for one service, in a directory that its user alone may read, as a host delivers them. */
async function deliver(spec: ServiceSpec, name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const { uid, gid } = userOf(spec);
  const path = join(directory, `${spec.name}-${name}`);
  await mkdir(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text, { mode: 0o400 });
  for (const file of await readdir(path)) await chown(join(path, file), uid, gid);
  await chown(path, uid, gid);
  await chmod(path, 0o500);
  return path;
}

async function start(
  spec: ServiceSpec,
  network?: { readonly network: string; readonly aliases: readonly string[] },
): Promise<Docker.Container> {
  const run = {
    name: `${prefix}-${spec.name}`,
    image: referenceOf(spec.image),
    tools: referenceOf("openclaw-sandbox"),
  };
  const container = await runHardened(spec, { ...run, ...network });
  await waitForHealth(container, "healthy", spec.startSeconds ?? 60);
  return container;
}

async function say(container: Docker.Container, ...command: string[]): Promise<string> {
  return (await execIn(container, command)).output.replaceAll("\r\n", "\n");
}

test("every program is the real one", () => {
  expect(lab.substituted).toEqual([]);
});

describe("FalkorDB", () => {
  const spec = serviceNamed("falkordb");
  const open = { ...spec, health: exec(["redis-cli", "ping"]) };

  test("answers graph queries with the settings of its environment", async () => {
    const environment = { ...spec.environment, REDIS_ARGS: "--appendonly yes" };
    const falkordb = await start({ ...open, environment });
    const create = "CREATE (:Post)-[:HELD_BY]->(:Who {name: 'Ada'})";
    expect(await say(falkordb, "redis-cli", "GRAPH.QUERY", "g", create)).toContain("Relationships created: 1");
    const found = await say(falkordb, "redis-cli", "GRAPH.QUERY", "g", "MATCH (:Post)-[:HELD_BY]->(w) RETURN w.name");
    expect(found).toContain("Ada");
    expect(await say(falkordb, "redis-cli", "CONFIG", "GET", "appendonly")).toContain("yes");
    expect(await say(falkordb, "redis-cli", "CONFIG", "GET", "dir")).toContain("/data");
    for (const [name, value] of [
      ["THREAD_COUNT", "2"],
      ["OMP_THREAD_COUNT", "1"],
      ["TIMEOUT", "1000"],
    ] as const) {
      expect(await say(falkordb, "redis-cli", "GRAPH.CONFIG", "GET", name)).toContain(`(integer) ${value}`);
    }
  });

  test("takes a settings file that REDIS_ARGS names", async () => {
    const source = await deliver(spec, "settings", { "redis.conf": "maxmemory 42mb\n" });
    const falkordb = await start({ ...open, mounts: { "/etc/falkordb": source } });
    expect(await say(falkordb, "redis-cli", "CONFIG", "GET", "maxmemory")).toContain(String(42 * 1024 * 1024));
  });
});

describe("Valkey", () => {
  test("leaves protected mode to a configuration file, and lets in whom its users file names", async () => {
    const spec = serviceNamed("valkey");
    const source = await deliver(spec, "settings", {
      "valkey.conf": "dir /data\naclfile /etc/valkey/users.acl\nmaxmemory 96mb\n",
      "users.acl": "user default on nopass -@all +ping\nuser search on >pass-phrase ~* +@all\n",
    });
    const command = ["valkey-server", "/etc/valkey/valkey.conf"];
    const valkey = await start({ ...spec, command, mounts: { "/etc/valkey": source } });
    expect(await say(valkey, "valkey-cli", "SET", "key", "value")).toContain("NOPERM");
    const search = ["valkey-cli", "--no-auth-warning", "--user", "search", "--pass", "pass-phrase"];
    expect(await say(valkey, ...search, "SET", "key", "value")).toContain("OK");
    expect(await say(valkey, ...search, "CONFIG", "GET", "protected-mode")).toContain("yes");
  });

  test("is open to its network with settings on the command line, as the official image is", async () => {
    const command = ["valkey-server", "--maxmemory", "96mb", "--maxmemory-policy", "allkeys-lru"];
    const valkey = await start({ ...serviceNamed("valkey"), command });
    expect(await say(valkey, "valkey-cli", "CONFIG", "GET", "protected-mode")).toContain("no");
    expect(await say(valkey, "valkey-cli", "CONFIG", "GET", "maxmemory-policy")).toContain("allkeys-lru");
  });
});

describe("OpenClaw", () => {
  const config = {
    secrets: { providers: { "gateway-token": { source: "file", path: "/run/garrison/token", mode: "singleValue" } } },
    gateway: {
      mode: "local",
      bind: "lan",
      auth: { mode: "token", token: { source: "file", provider: "gateway-token", id: "value" } },
      controlUi: { enabled: true, allowedOrigins: ["http://127.0.0.1:18789"] },
    },
  };

  test("runs with a configuration it cannot write and a token from a file", async () => {
    const spec = serviceNamed("openclaw-gateway");
    const settings = await deliver(spec, "settings", { "openclaw.json": JSON.stringify(config) });
    const secrets = await deliver(spec, "secrets", { token: "token-from-a-file" });
    const gateway = await start({
      ...spec,
      environment: { ...spec.environment, OPENCLAW_CONFIG_PATH: "/etc/openclaw/openclaw.json" },
      mounts: { "/etc/openclaw": settings, "/run/garrison": secrets },
    });
    // Who may ask is judged before what is asked for.
    const ask = (...headers: string[]) => {
      const body = ["-H", "content-type: application/json", "-d", '{"tool":"no-such-tool","args":{}}'];
      const status = ["-s", "-o", "/dev/null", "-w", "%{http_code}"];
      return say(gateway, "curl", ...status, ...headers, ...body, "http://127.0.0.1:18789/tools/invoke");
    };
    expect(await ask()).toBe("401");
    expect(await ask("-H", "Authorization: Bearer another-token")).toBe("401");
    expect(await ask("-H", "Authorization: Bearer token-from-a-file")).toBe("404");
  }, 480_000);
});

describe("Nginx, Squid and SearXNG together", () => {
  // A site with two names, a proxy that lets one of them through, and a search that asks both.
  const found = { items: [{ title: "Garrison", url: "http://allowed.test:8080/page", text: "found on the site" }] };
  const site = `server { listen 8080;
    location = /healthz { return 200; }
    location = /find { default_type application/json; return 200 '${JSON.stringify(found)}'; }
    location / { return 200 "the mounted site\\n"; } }`;
  const squid = `http_port 3128
    visible_hostname egress-proxy
    acl allowed dstdomain allowed.test
    http_access allow allowed
    http_access deny all
    cache deny all
    access_log stdio:/dev/stdout
    cache_log /dev/stderr
    pid_filename /run/squid.pid
    shutdown_lifetime 1 second\n`;
  const engine = (name: string) => ({
    name,
    engine: "json_engine",
    shortcut: name.slice(0, 2),
    categories: ["general"],
    enable_http: true,
    search_url: `http://${name}.test:8080/find?q={query}`,
    results_query: "items",
    url_query: "url",
    title_query: "title",
    content_query: "text",
  });
  const settings = {
    use_default_settings: { engines: { keep_only: [] } },
    general: { enable_metrics: false },
    search: { formats: ["html", "json"] },
    server: { secret_key: "a-secret-of-this-test" },
    outgoing: { proxies: { "all://": ["http://proxy.test:3128"] } },
    plugins: {},
    engines: [engine("allowed"), engine("blocked")],
  };

  /** Writes lines to the proxy as a client of its own container; what comes back, until it hangs up. */
  function askProxy(proxy: Docker.Container, ...lines: string[]): Promise<string> {
    const read = 'while read -t 5 -r line <&3; do echo "$line"; done';
    const script = `exec 3<>/dev/tcp/127.0.0.1/3128; printf '${lines.join("\\r\\n")}' >&3; ${read}`;
    return say(proxy, "bash", "-c", script);
  }

  async function startAll() {
    const network = `${prefix}-web`;
    await docker.createNetwork({ Name: network, Internal: true, CheckDuplicate: true });
    const nginxSpec = serviceNamed("nginx");
    const proxySpec = serviceNamed("egress-proxy");
    const searchSpec = serviceNamed("searxng");
    const pages = await deliver(nginxSpec, "settings", { "default.conf": site });
    await start(
      { ...nginxSpec, mounts: { "/etc/nginx/conf.d": pages } },
      { network, aliases: ["allowed.test", "blocked.test"] },
    );
    const command = ["squid", "-N", "-f", "/etc/egress-proxy/squid.conf"];
    const rules = await deliver(proxySpec, "settings", { "squid.conf": squid });
    const proxy = await start(
      { ...proxySpec, command, mounts: { "/etc/egress-proxy": rules } },
      { network, aliases: ["proxy.test"] },
    );
    // JSON is YAML.
    const yaml = await deliver(searchSpec, "settings", { "settings.yml": JSON.stringify(settings) });
    const search = await start({ ...searchSpec, mounts: { "/etc/searxng": yaml } }, { network, aliases: [] });
    return { proxy, search };
  }

  test("the proxy lets through what it is told to, and a search gets its results that way", async () => {
    const { proxy, search } = await startAll();
    const get = (host: string) => askProxy(proxy, `GET http://${host}/ HTTP/1.0`, "", "");
    const connect = (host: string) => askProxy(proxy, `CONNECT ${host} HTTP/1.0`, "", "GET / HTTP/1.0", "", "");
    const allowed = await get("allowed.test:8080");
    expect(allowed).toContain("200 OK");
    expect(allowed).toContain("the mounted site");
    expect(await get("blocked.test:8080")).toContain("403 Forbidden");
    const tunnel = await connect("allowed.test:8080");
    expect(tunnel).toContain("200 Connection established");
    expect(tunnel).toContain("the mounted site");
    expect(await connect("blocked.test:8080")).toContain("403 Forbidden");

    expect(await say(search, "wget", "-q", "-O", "-", "http://127.0.0.1:8080/healthz")).toBe("OK");
    const answer = await say(search, "wget", "-q", "-O", "-", "http://127.0.0.1:8080/search?q=garrison&format=json");
    const { results, unresponsive_engines } = JSON.parse(answer) as Record<string, unknown>;
    expect(results).toMatchObject([{ title: "Garrison", url: "http://allowed.test:8080/page", engine: "allowed" }]);
    expect(unresponsive_engines).toEqual([["blocked", expect.any(String)]]);
    const log = (await proxy.logs({ stdout: true, stderr: true })).toString();
    expect(log).toMatch(/TCP_MISS\/200 \d+ GET http:\/\/allowed\.test:8080\/find\?/);
    expect(log).toMatch(/TCP_DENIED\/403 \d+ GET http:\/\/blocked\.test:8080\/find\?/);
  });

  test("without a mount Nginx shows the lab's page and the proxy lets nobody through", async () => {
    const nginx = await start(serviceNamed("nginx"));
    const page = await say(nginx, "wget", "-q", "-O", "-", "http://127.0.0.1:8080/");
    expect(page).toContain("Garrison lab: office machine");
    const proxy = await start(serviceNamed("egress-proxy"));
    const script =
      "exec 3<>/dev/tcp/127.0.0.1/3128; printf 'GET http://127.0.0.1:8080/ HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3";
    expect(await say(proxy, "bash", "-c", script.replace("head -n 1 <&3", "read -r l <&3; echo $l"))).toContain("403");
  });
});
