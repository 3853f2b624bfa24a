import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configuredServices, endOf } from "../support/configured-service.ts";
import type { ConfiguredServices } from "../support/configured-service.ts";
import { removeByPrefix, testPrefix } from "../support/docker.ts";
import { execIn, waitForHealth } from "../support/hardened-run.ts";
import { delivered, filesOf, madeUp, officeContext } from "../support/office-files.ts";

const prefix = testPrefix();
let services: ConfiguredServices;

beforeAll(async () => {
  services = await configuredServices(prefix, ["egress-proxy", "nginx", "openclaw-gateway", "searxng", "valkey"]);
}, 900_000);

afterAll(async () => {
  await removeByPrefix(prefix);
  await services.close();
});

/** One file of a service, broken. */
function broken(service: string, path: string, change: (text: string) => string): Readonly<Record<string, string>> {
  const files = filesOf(service);
  const before = files[path] ?? "";
  const after = change(before);
  expect(after).not.toBe(before);
  return { ...files, [path]: after };
}

describe("valkey", () => {
  const users = "/etc/valkey/users.acl";

  test("lets the search in with the password of now and the one before, and others ask whether it is there", async () => {
    const container = await services.start("valkey");
    await waitForHealth(container, "healthy", 60);
    const cli = async (...args: string[]) => (await execIn(container, ["valkey-cli", ...args])).output.trim();
    const asSearch = (slot: "current" | "previous", ...args: string[]) =>
      cli("--no-auth-warning", "--user", "searxng", "--pass", madeUp({ name: "valkey-search", slot }), ...args);

    for (const slot of ["current", "previous"] as const) {
      expect(await asSearch(slot, "set", "SearXNG_a", slot)).toBe("OK");
      expect(await asSearch(slot, "get", "SearXNG_a")).toBe(`"${slot}"`);
    }
    expect(await cli("--no-auth-warning", "--user", "searxng", "--pass", "wrong", "ping")).toContain("WRONGPASS");
    expect(await cli("ping")).toBe("PONG");
    for (const refused of [["get", "SearXNG_a"], ["set", "SearXNG_a", "1"], ["config", "get", "dir"], ["info"]]) {
      expect(await cli(...refused), refused.join(" ")).toContain("NOPERM");
    }
    const dangerous = [["flushall"], ["config", "get", "dir"], ["keys", "*"], ["acl", "list"], ["client", "list"]];
    for (const refused of [...dangerous, ["shutdown"], ["replicaof", "198.51.100.1", "6379"], ["get", "other"]]) {
      expect(await asSearch("current", ...refused), refused.join(" ")).toContain("NOPERM");
    }
  });

  test("starts when there was no rotation yet, with one password twice", async () => {
    const files = broken("valkey", users, (text) => text.replaceAll(":previous:", ":current:"));
    await waitForHealth(await services.start("valkey", { files }), "healthy", 60);
  });

  test("does not start with users that it cannot read", async () => {
    const files = broken("valkey", users, (text) => text.replace("+@read", "+@nothing"));
    const { exitCode, output } = await endOf(await services.start("valkey", { files }));
    expect(exitCode).not.toBe(0);
    expect(output).toContain("ACL");
  });
});

describe("nginx", () => {
  const path = "/etc/nginx/conf.d/default.conf";

  test.each([false, true])("takes the configuration, and answers for its own pages alone (lab: %s)", async (lab) => {
    const container = await services.start("nginx", { files: filesOf("nginx", officeContext({ lab })) });
    await waitForHealth(container, "healthy", 60);
    const get = async (page: string, name: string) => {
      const url = `http://127.0.0.1:8080${page}`;
      return (await execIn(container, ["wget", "-S", "-O", "-", `--header=Host: ${name}`, url])).output;
    };
    expect(await get("/healthz", "anything")).toContain("200 OK");
    expect(await get("/x", "office.example")).toContain("404 Not Found");
    // There is nobody behind it here: it is handed on.
    for (const name of ["gateway", "uptime", "wazuh"]) {
      expect(await get("/", `${name}.office.example`)).toContain("502 Bad Gateway");
      expect(await get(`/${name}/`, "10.0.0.1")).toContain(lab ? "502 Bad Gateway" : "404 Not Found");
    }
  });

  test("refuses a configuration that it cannot read", async () => {
    const files = broken("nginx", path, (text) => text.replace("return 200", "retrun 200"));
    const { exitCode, output } = await endOf(await services.start("nginx", { files }));
    expect(exitCode).not.toBe(0);
    expect(output).toContain("retrun");
  });
});

describe("egress-proxy", () => {
  const path = "/etc/egress-proxy/squid.conf";
  const parse = { command: ["sh", "/usr/local/lib/egress-proxy/serve.sh", "-k", "parse"] };

  test("Squid parses its configuration without an error", async () => {
    const { exitCode, output } = await endOf(await services.start("egress-proxy", { facts: parse }));
    expect(output.split("\n").filter((line) => /ERROR|FATAL|subdomain/.test(line))).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test("a broken one is none", async () => {
    const files = broken("egress-proxy", path, (text) =>
      text.replace("to_searxng !not_public", "to_serxng !not_public"),
    );
    const { exitCode, output } = await endOf(await services.start("egress-proxy", { files, facts: parse }));
    expect(exitCode).not.toBe(0);
    expect(output).toContain("to_serxng");
  });
});

describe("searxng", () => {
  const path = "/etc/searxng/settings.yml";
  const script = [
    "import json, searx",
    "s = searx.settings",
    "print(json.dumps({'engines': [e['name'] for e in s['engines']], 'formats': s['search']['formats'],",
    "  'proxies': s['outgoing']['proxies'], 'valkey': s['valkey']['url'], 'key': s['server']['secret_key']}))",
  ].join("\n");
  const load = { entrypoint: ["python3", "-c", script], command: [] };

  test("its loader takes the settings as they are meant", async () => {
    const { exitCode, output } = await endOf(await services.start("searxng", { facts: load }));
    expect(exitCode, output).toBe(0);
    const password = madeUp({ name: "valkey-search", slot: "current" });
    expect(JSON.parse(output.slice(output.indexOf('{"engines'), output.lastIndexOf("}") + 1))).toEqual({
      engines: ["wikipedia", "duckduckgo", "mojeek"],
      formats: ["html", "json"],
      proxies: { "all://": ["http://egress-proxy:3128"] },
      valkey: `valkey://searxng:${password}@valkey:6379/0`,
      key: madeUp({ name: "searxng-key", slot: "current" }),
    });
  });

  test("it refuses a value of the wrong kind", async () => {
    const files = broken("searxng", path, (text) => text.replace("limiter: false", 'limiter: "perhaps"'));
    const { exitCode } = await endOf(await services.start("searxng", { files, facts: load }));
    expect(exitCode).not.toBe(0);
  });
});

describe("openclaw", () => {
  const path = "/etc/openclaw/openclaw.json";

  test("accepts its configuration, audits it without a finding, and resolves every secret", async () => {
    const container = await services.start("openclaw-gateway");
    await waitForHealth(container, "healthy", 240);
    const openclaw = (...args: string[]) => execIn(container, ["node", "openclaw.mjs", ...args]);
    const valid = await openclaw("config", "validate", "--json");
    expect(json(valid.output)).toMatchObject({ valid: true, warnings: [] });
    const audit = await openclaw("security", "audit", "--json");
    const { findings } = json(audit.output) as { findings: { severity: string; checkId: string; detail: string }[] };
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    const secrets = await openclaw("secrets", "audit", "--check");
    expect(secrets.output).toContain("plaintext=0, unresolved=0, shadowed=0");
    const sandbox = await openclaw("sandbox", "explain", "--json");
    expect(json(sandbox.output)).toMatchObject({
      sandbox: { mode: "all", workspaceAccess: "none", sessionIsSandboxed: true },
      elevated: { enabled: false, allowedByConfig: false },
    });
  });

  test.each([
    ["an unknown key does not start", (text: string) => text.replace('"mode": "local"', '"mode": "local", "x": 1')],
    ["a secret that is not there does not start", (text: string) => text.replace("/gateway-token", "/gateway-tken")],
  ])("%s", async (_, change) => {
    const container = await services.start("openclaw-gateway", { files: broken("openclaw-gateway", path, change) });
    expect((await endOf(container)).exitCode).not.toBe(0);
  });

  test("the audit sees what would be wrong", async () => {
    const files = broken("openclaw-gateway", path, (text) =>
      text.replace('"dmPolicy": "allowlist"', '"dmPolicy": "open"'),
    );
    const audit = { command: ["node", "openclaw.mjs", "security", "audit", "--json"] };
    const { output } = await endOf(await services.start("openclaw-gateway", { files, facts: audit }));
    expect(output).toMatch(/"critical": [1-9]|"valid": ?false|allowFrom/);
  });
});

test("no file of these holds a reference after delivery", () => {
  for (const service of ["valkey", "searxng", "openclaw-gateway", "graphiti", "cloudflared", "llm-guard"]) {
    for (const text of Object.values(filesOf(service))) expect(delivered(text)).not.toContain("@{secret");
  }
});

/** What a program wrote as JSON, after whatever it said before. */
function json(output: string): unknown {
  return JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
}
