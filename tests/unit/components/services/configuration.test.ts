import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { covers } from "#components/network/host-names.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { searxng } from "#components/services/searxng/service.ts";
import type { SearchEngine } from "#components/services/searxng/config.ts";
import { valkey } from "#components/services/valkey/service.ts";
import { referencesIn, secret } from "#components/secrets/reference.ts";
import { userOf } from "#components/services/service.ts";
import { office } from "#stacks/office.ts";
import { delivered, filesOf, officeContext } from "#tests/support/office-files.ts";
import { filesIn, wired } from "#tests/support/wired.ts";

const withFiles = office.services.filter(({ files }) => files !== undefined);

describe("the files of the office machine", () => {
  test("hold every secret of the machine, and each secret only where it is used", () => {
    const readers = withFiles.flatMap(({ name }) =>
      Object.values(filesOf(name)).flatMap((text) =>
        referencesIn(text).map((reference) => `${reference.name}: ${name}`),
      ),
    );
    expect([...new Set(readers)].sort()).toEqual([
      "anthropic-api-key: openclaw-gateway",
      "cloudflared-token: cloudflared",
      "falkordb-graphiti: falkordb",
      "falkordb-graphiti: graphiti",
      "gateway-token: openclaw-gateway",
      "guard-token: llm-guard",
      "openai-api-key: graphiti",
      "searxng-key: searxng",
      "telegram-bot-token: openclaw-gateway",
      "valkey-search: searxng",
      "valkey-search: valkey",
    ]);
    expect([...new Set(readers.map((reader) => reader.split(":")[0]))].sort()).toEqual(
      office.secrets.map(({ name }) => name).sort(),
    );
  });

  test("no reference is in an environment or on a command line", () => {
    for (const { environment = {}, command = [], entrypoint = [] } of office.services) {
      const texts = [...Object.values(environment), ...command, ...entrypoint];
      expect(texts.flatMap(referencesIn)).toEqual([]);
    }
  });

  test("lie where nothing else is written", () => {
    for (const { name, writable } of withFiles) {
      for (const path of Object.keys(filesOf(name))) {
        const directory = path.slice(0, path.lastIndexOf("/"));
        for (const other of Object.keys(writable)) expect(`${directory}/`.startsWith(`${other}/`), path).toBe(false);
      }
    }
  });

  test("everyone who goes through the proxy says so, and nobody else", () => {
    const clients = office.flows.filter(({ to }) => to === "egress-proxy").map(({ from }) => from);
    const saying = office.services.filter((service) => service.environment?.HTTPS_PROXY !== undefined);
    // SearXNG has its own setting for it, and looks at no environment; Uptime Kuma has one for each monitor.
    expect([...saying.map(({ name }) => name), "searxng", "uptime-kuma"].sort()).toEqual([...clients].sort());
    for (const { environment } of saying) expect(environment?.HTTPS_PROXY).toBe("http://egress-proxy:3128");
  });
});

describe("searxng", () => {
  const schema = z.looseObject({
    use_default_settings: z.object({ engines: z.object({ keep_only: z.array(z.string()) }) }),
    outgoing: z.looseObject({ verify: z.union([z.boolean(), z.string()]) }),
  });
  const settingsOf = (text: string | undefined) => schema.parse(parse(text ?? ""));
  const engines = (...hosts: readonly SearchEngine[]): string[] => {
    const out = egressProxy("out");
    const cache = valkey("cache");
    const own = wired([searxng("search", { cache, out, engines: hosts }), cache, out]);
    expect(own.allowed.flatMap((one) => one.hosts)).toEqual(hosts);
    const text = filesIn(own, "search")["/etc/searxng/settings.yml"];
    return settingsOf(text).use_default_settings.engines.keep_only;
  };

  test("keeps the engines whose hosts it may ask, and no others", () => {
    expect(engines("www.mojeek.com")).toEqual(["mojeek"]);
    expect(engines("www.mojeek.com", "en.wikipedia.org")).toEqual(["wikipedia", "mojeek"]);
    expect(engines()).toEqual([]);
  });

  test("knows the authorities of the internet, or the lab's alone", () => {
    const internetCa = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const inLab = officeContext({ lab: true, internetCa });
    expect(settingsOf(filesOf("searxng")["/etc/searxng/settings.yml"]).outgoing.verify).toBe(true);
    expect(settingsOf(filesOf("searxng", inLab)["/etc/searxng/settings.yml"]).outgoing.verify).toBe(
      "/etc/searxng/internet-ca.pem",
    );
    expect(filesOf("searxng", inLab)["/etc/searxng/internet-ca.pem"]).toBe(internetCa);
    expect(Object.keys(filesOf("searxng"))).toEqual(["/etc/searxng/settings.yml"]);
  });
});

describe("openclaw", () => {
  const config = (context = officeContext()) =>
    JSON.parse(filesOf("openclaw-gateway", context)["/etc/openclaw/openclaw.json"] ?? "") as Record<string, unknown>;

  test("gives its sandboxes what the estate's own sandbox has", () => {
    const own = office.services.find(({ name }) => name === "openclaw-sandbox");
    if (own === undefined) throw new Error("no sandbox");
    const { uid, gid } = userOf(own);
    expect(config()).toMatchObject({
      agents: {
        defaults: {
          sandbox: {
            mode: "all",
            docker: {
              network: "none",
              readOnlyRoot: true,
              capDrop: ["ALL"],
              user: `${String(uid)}:${String(gid)}`,
              pidsLimit: own.pids,
              memory: `${String(own.memory)}m`,
              memorySwap: `${String(own.memory)}m`,
              cpus: own.cpus,
            },
          },
        },
      },
    });
  });

  test("listens to the operators of the settings, by number, and trusts Nginx's address alone", () => {
    const context = officeContext({ telegram: { operators: [123_456_789, 5] } });
    const page = context.networks.find(({ name }) => name === "page-gateway");
    expect(config(context)).toMatchObject({
      gateway: { trustedProxies: [page?.addresses.nginx] },
      channels: { telegram: { dmPolicy: "allowlist", allowFrom: ["123456789", "5"], groupPolicy: "disabled" } },
      tools: { elevated: { enabled: false } },
    });
  });

  test("in a lab takes its page's origin from Nginx's addresses, and an operator that is nobody", () => {
    const lab = officeContext({ lab: true, telegram: { operators: [] }, pages: { origins: [] } });
    const { gateway, channels } = z
      .looseObject({
        gateway: z.looseObject({ controlUi: z.looseObject({ allowedOrigins: z.array(z.string()) }) }),
        channels: z.looseObject({ telegram: z.looseObject({ allowFrom: z.array(z.string()) }) }),
      })
      .parse(config(lab));
    const addresses = lab.networks.flatMap(({ addresses: own }) => own.nginx ?? []);
    expect(gateway.controlUi.allowedOrigins).toEqual(addresses.map((address) => `http://${address}:8080`));
    expect(channels.telegram.allowFrom).toEqual(["1"]);
  });

  test("takes a secret of any characters", () => {
    const value = '"}\n, "x": "\\';
    const text = filesOf("openclaw-gateway")["/etc/openclaw/secrets.json"] ?? "";
    const secrets = JSON.parse(delivered(text, () => value)) as unknown;
    expect(secrets).toEqual({ "gateway-token": value, "anthropic-api-key": value, "telegram-bot-token": value });
  });

  test("may ask for what its model and its channel need", () => {
    const hosts = office.allowed.filter(({ client }) => client === "openclaw-gateway").flatMap((one) => one.hosts);
    for (const host of ["api.anthropic.com", "api.telegram.org"]) {
      expect(hosts.some((own) => covers(own, host))).toBe(true);
    }
  });
});

describe("llm-guard", () => {
  const path = "/home/user/app/config/scanners.yml";

  test("scans without the scanners that refuse what is normal, behind a token, with its models at hand", () => {
    const config = parse(delivered(filesOf("llm-guard")[path] ?? "")) as Record<string, unknown>;
    expect(config).toMatchObject({ app: { lazy_load: false, log_level: "INFO" }, rate_limit: { enabled: true } });
    expect(config.auth).toEqual({ type: "http_bearer", token: expect.stringMatching(/^[0-9a-f]{40}$/) as string });
    const scanners = JSON.stringify([config.input_scanners, config.output_scanners]);
    for (const unusable of ["BanSubstrings", "BanCompetitors", "Language", "EmotionDetection", "Sensitive"]) {
      expect(scanners).not.toContain(unusable);
    }
  });
});

describe("graphiti", () => {
  const read = (context = officeContext()) => {
    const files = filesOf("graphiti", context);
    return { files, told: JSON.parse(files["/etc/graphiti/settings.json"] ?? "") as Record<string, object> };
  };

  test("asks the models of the settings, and finds each secret in a file of its own", () => {
    const models = { ...officeContext().settings.models, memory: "a-model", embedding: "an-embedder" };
    const { files, told } = read(officeContext({ models }));
    expect(told.models).toMatchObject({ extraction: "a-model", embedding: "an-embedder" });
    expect(told.models).not.toHaveProperty("ca_file");
    expect(referencesIn(files["/etc/graphiti/settings.json"] ?? "")).toEqual([]);
    const named = [told.models, told.database].map((part) => part as Record<string, string>);
    expect(named.map(({ key_file, password_file }) => files[key_file ?? password_file ?? ""])).toEqual([
      secret("openai-api-key"),
      secret("falkordb-graphiti"),
    ]);
  });

  test("trusts the lab's authority where there is one", () => {
    const { files, told } = read(officeContext({ internetCa: "a certificate\n" }));
    expect(files[(told.models as Record<string, string>).ca_file ?? ""]).toBe("a certificate\n");
  });
});

describe("falkordb", () => {
  test("lets in one user alone, by the password of now and the one before, for graphs", () => {
    const users = (filesOf("falkordb")["/etc/falkordb/users.acl"] ?? "").trim().split("\n");
    expect(users.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "user default off",
      "user graphiti on",
    ]);
    const slots = referencesIn(users.join("\n")).map(({ name, slot, as }) => `${name} ${slot} ${as}`);
    expect(slots).toEqual(["falkordb-graphiti current sha256", "falkordb-graphiti previous sha256"]);
    expect(users[1]).not.toMatch(/\+@(all|admin|dangerous|write|keyspace)|nopass/);
  });
});

describe("docker-socket-proxy", () => {
  const readable = /path -m reg (\S+) }/.exec(Object.values(filesOf("docker-socket-proxy"))[0] ?? "")?.[1] ?? "(?!)";

  test.each(["/_ping", "/v1.41/version", "/containers/json", "/v1.41/containers/office-valkey/json"])(
    "%s can be read",
    (path) => {
      expect(path).toMatch(new RegExp(readable));
    },
  );

  test.each([
    "/containers/office-valkey/archive",
    "/v1.41/containers/office-valkey/attach/ws",
    "/containers/office-valkey/logs",
    "/containers/office-valkey/export",
    "/containers/office-valkey%2farchive",
    "/containers/office-valkey/json/../archive",
    "/containers/../containers/office-valkey/archive",
    "//containers/json",
    "/images/json",
    "/secrets",
    "/info",
    "/",
  ])("%s cannot", (path) => {
    expect(path).not.toMatch(new RegExp(readable));
  });
});
