import { parseEnv } from "node:util";
import { configSchema } from "librechat-data-provider";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { planMachine } from "#components/machine/plan-machine.ts";
import { referencesIn } from "#components/secrets/reference.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { librechat } from "#components/services/librechat/service.ts";
import type { LibrechatOptions } from "#components/services/librechat/service.ts";
import { chatSettings } from "#components/services/librechat/settings.ts";
import { meilisearch } from "#components/services/meilisearch/service.ts";
import { mongodb } from "#components/services/mongodb/service.ts";
import type { Settings } from "#components/settings/settings.ts";
import { otherMachine, remote } from "#components/wiring/other-machine.ts";
import { delivered, madeUp } from "#tests/support/office-files.ts";
import { filesIn, wired } from "#tests/support/wired.ts";
import { anInput, lockOf } from "../machine/example.ts";

const tenants = ["red", "green", "blue"] as const;
type Tenant = (typeof tenants)[number];

const out = egressProxy("out");
const services = tenants.flatMap((tenant) => {
  const database = mongodb(`${tenant}-database`);
  const index = meilisearch(`${tenant}-index`);
  const chat = librechat(tenant, {
    database,
    index,
    out,
    site: chatSettings(`${tenant}Chat`),
    models: [
      { name: "One", url: "https://one.example/v1", key: `${tenant}-one-api-key`, models: ["small", "large"] },
      { name: "Two", url: "https://two.example/v1", key: `${tenant}-two-api-key`, models: ["other"] },
    ],
  });
  return [database, index, chat];
});
const own = wired([...services, out]);

function filesOf(tenant: Tenant, settings: object = {}): Record<string, string> {
  return filesIn(own, tenant, { [`${tenant}Chat`]: { domain: "chat.example.org", ...settings } });
}
const configOf = (tenant: Tenant, settings: object = {}) =>
  parse(filesOf(tenant, settings)["/etc/librechat/librechat.yaml"] ?? "") as Record<string, unknown>;
const secretsOf = (tenant: Tenant, settings: object = {}) =>
  parseEnv(delivered(filesOf(tenant, settings)["/etc/librechat/secrets.env"] ?? ""));

describe("librechat.yaml", () => {
  test("is what LibreChat's own schema takes", () => {
    for (const settings of [{}, { registration: ["example.org"], keepDays: 30 }]) {
      expect(configSchema.strict().safeParse(configOf("red", settings)).error).toBeUndefined();
    }
    const wrong = { ...configOf("red"), endpoint: {} };
    expect(configSchema.strict().safeParse(wrong).success).toBe(false);
  });

  test("names its endpoints, whose keys are variables of the other file", () => {
    const parsed = configSchema.parse(configOf("red"));
    const custom = parsed.endpoints?.custom ?? [];
    expect(custom.map(({ name, baseURL, models }) => [name, baseURL, models?.default])).toEqual([
      ["One", "https://one.example/v1", ["small", "large"]],
      ["Two", "https://two.example/v1", ["other"]],
    ]);
    const variables = custom.map(({ apiKey }) => /^\$\{(\w+)\}$/.exec(apiKey ?? "")?.[1] ?? "");
    expect(variables.map((variable) => secretsOf("red")[variable])).toEqual(
      ["red-one-api-key", "red-two-api-key"].map((name) => madeUp({ name, slot: "current" })),
    );
    expect(referencesIn(filesOf("red")["/etc/librechat/librechat.yaml"] ?? "")).toEqual([]);
  });

  test("searches no files without a RAG API", () => {
    expect(configOf("red")).toMatchObject({
      interface: { fileSearch: false },
      endpoints: { agents: { capabilities: ["artifacts", "context", "chain"] } },
    });
    expect(secretsOf("red")).not.toHaveProperty("RAG_API_URL");
  });

  test("keeps a chat as long as the settings say", () => {
    expect(configOf("red", { keepDays: 30 }).interface).toMatchObject({
      retentionMode: "all",
      generalChatRetention: 720,
    });
  });
});

describe("models of the estate", () => {
  const vllm = remote(otherMachine("models", { owner: "platform", expires: "2027-06-30" }), "openai", 8000);
  const provider = { name: "One", url: "https://one.example/v1", key: "one-api-key", models: ["small"] } as const;

  /** A chat that asks these, where nothing is known of other machines, or this. */
  function asking(models: LibrechatOptions["models"], machines?: Settings["machines"]) {
    const [database, index] = [mongodb("database"), meilisearch("index")];
    const chat = librechat("chat", { database, index, out, site: chatSettings("chat"), models });
    const all = wired([database, index, chat, out]);
    const flows = all.flows.filter(({ to }) => machines !== undefined || to !== "machine:models");
    const files = filesIn({ ...all, flows }, "chat", { chat: { domain: "chat.example.org" }, machines } as object);
    const config = configSchema.strict().parse(parse(files["/etc/librechat/librechat.yaml"] ?? ""));
    const told = parseEnv(delivered(files["/etc/librechat/secrets.env"] ?? ""));
    return { asked: config.endpoints?.custom?.map(({ baseURL }) => baseURL), told, allowed: all.allowed };
  }
  const own = { name: "Own", from: vllm, key: "own-api-key", models: ["large"] } as const;

  test("are asked at their machine, around the proxy", () => {
    const { asked, told, allowed } = asking([provider, own], { models: { address: "10.66.2.4" } });
    expect(asked).toEqual(["https://one.example/v1", "http://models:8000/v1"]);
    expect(told).toMatchObject({
      NO_PROXY: "models:8000",
      OWN_API_KEY: madeUp({ name: "own-api-key", slot: "current" }),
    });
    expect(allowed.flatMap(({ hosts }) => hosts)).toEqual(["one.example"]);
    const tls = asking([own], { models: { address: "10.66.2.4", tlsName: "m.example.org" } });
    expect([tls.asked, tls.told.NO_PROXY]).toEqual([["https://m.example.org:8000/v1"], "m.example.org:8000"]);
  });

  test("are left out where nobody knows their machine", () => {
    const { asked, told } = asking([own, provider]);
    expect([asked, told.NO_PROXY]).toEqual([["https://one.example/v1"], undefined]);
  });

  test("alone and nowhere: nothing would answer", () => {
    expect(() => asking([own])).toThrow(
      /garrison:machines\.models\.address: found nothing; expected the address of models: chat cannot do without it\n +type: pulumi config set --path garrison:machines\.models\.address '<address>'/,
    );
  });
});

describe("registration", () => {
  test("is closed unless domains are named, and open to their addresses alone", () => {
    expect(secretsOf("red").ALLOW_REGISTRATION).toBe("false");
    expect(configOf("red").registration).toEqual({ socialLogins: [] });
    const open = { registration: ["example.org"] };
    expect(secretsOf("red", open).ALLOW_REGISTRATION).toBe("true");
    expect(configOf("red", open).registration).toEqual({ socialLogins: [], allowedDomains: ["example.org"] });
  });
});

describe("three tenants on one machine", () => {
  test("each is opened under its own name, with keys of the right length that no other has", () => {
    const all = tenants.map((tenant) => secretsOf(tenant));
    expect(all[0]).toMatchObject({ DOMAIN_CLIENT: "https://chat.example.org", TRUST_PROXY: "1" });
    for (const variable of [
      "CREDS_KEY",
      "CREDS_IV",
      "JWT_SECRET",
      "JWT_REFRESH_SECRET",
      "MEILI_MASTER_KEY",
      "MONGO_URI",
    ]) {
      expect(new Set(all.map((values) => values[variable])).size, variable).toBe(3);
    }
    const lengths = own.secrets.flatMap(({ name, source }) =>
      name.startsWith("red-") && source.type === "bytes" ? [[name, source.length]] : [],
    );
    expect(Object.fromEntries(lengths)).toEqual({
      "red-credentials-key": 32,
      "red-credentials-iv": 16,
      "red-session": 32,
      "red-refresh": 32,
    });
  });

  test("each logs in to its own database, as the database knows it", () => {
    for (const tenant of tenants) {
      const uri = new URL(secretsOf(tenant).MONGO_URI ?? "");
      expect([uri.username, uri.host, uri.pathname]).toEqual([tenant, `${tenant}-database:27017`, `/${tenant}`]);
      expect(uri.searchParams.get("authSource")).toBe("admin");
      expect(filesIn(own, `${tenant}-database`)["/etc/mongodb/users.js"]).toContain(
        `["${tenant}", @{secret:${tenant}-database-${tenant}:current:value:json}]`,
      );
    }
  });

  test("no secret, volume or network is of two of them", () => {
    const readers = own.services.flatMap(({ name }) =>
      Object.values(filesIn(own, name)).flatMap((text) => referencesIn(text).map((one) => [one.name, name] as const)),
    );
    const tenantOf = (name: string) => name.split("-")[0] ?? "";
    for (const [secret, reader] of readers) {
      expect(tenantOf(secret)).toBe(tenantOf(reader));
    }
    for (const { members } of own.networks) {
      expect(new Set(members.map(tenantOf).filter((name) => name !== "out")).size).toBeLessThanOrEqual(1);
    }
    const volumes = own.services.flatMap(({ writable }) =>
      Object.values(writable).flatMap((mount) => (mount.type === "volume" ? [mount.volume] : [])),
    );
    expect(new Set(volumes).size).toBe(volumes.length);
  });

  test("the machine is planned, and starts a chat after what it asks", () => {
    const images = lockOf("librechat", "mongodb", "meilisearch", "egress-proxy");
    const given = new Map(
      tenants.flatMap((one) => [`${one}OneApiKey`, `${one}TwoApiKey`].map((key) => [key, "secret"] as const)),
    );
    const { containers } = planMachine(anInput({ definition: own, images, given }));
    expect(containers).toHaveLength(10);
    expect(containers.find(({ name }) => name === "blue")?.after).toEqual(["blue-database", "blue-index"]);
  });

  test("a chat reaches its models through the proxy, and its database leads nowhere", () => {
    expect(own.allowed.filter(({ client }) => client === "green").flatMap(({ hosts }) => hosts)).toEqual([
      "one.example",
      "two.example",
    ]);
    const egress = own.networks.filter((network) => network.egress === true);
    expect(egress.map(({ members }) => members)).toEqual([["out"]]);
  });
});
