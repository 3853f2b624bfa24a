import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import { matrix } from "#components/network/matrix.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { librechat } from "#components/services/librechat/service.ts";
import { chatSettings } from "#components/services/librechat/settings.ts";
import { meilisearch } from "#components/services/meilisearch/service.ts";
import { mongodb } from "#components/services/mongodb/service.ts";
import { postgres } from "#components/services/postgres/service.ts";
import { ragApi } from "#components/services/rag-api/service.ts";
import type { Embeddings } from "#components/services/rag-api/options.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { secretOf } from "#components/wiring/handed-secret.ts";
import { later } from "#components/wiring/later.ts";
import { otherMachine, remote } from "#components/wiring/other-machine.ts";
import { delivered, madeUp } from "#tests/support/office-files.ts";
import { contextOf, filesIn, wired } from "#tests/support/wired.ts";
import { settings } from "../machine/example.ts";

const url = "https://one.example/v1";
const vllm = remote(otherMachine("models", { owner: "platform", expires: "2027-06-30" }), "openai", 8000);

/** Chats that share a PostgreSQL, each with a RAG API of its own. */
function chats(names: readonly string[], embeddings: (out: Endpoint<"forward-proxy">) => Embeddings) {
  const out = egressProxy("out");
  const vectors = postgres("vectors", { extensions: ["vector"] });
  const services = names.flatMap((name) => {
    const database = mongodb(`${name}-database`);
    const index = meilisearch(`${name}-index`);
    const chat = later<Endpoint<"http">>(name);
    const tokens = secretOf(chat, "session");
    const rag = ragApi(`${name}-rag`, { database: vectors, tokens, embeddings: embeddings(out) });
    const models = [{ name: "One", url, key: "one-api-key", models: ["small"] }] as const;
    chat.is(librechat(name, { database, index, out, rag, site: chatSettings(`${name}Chat`), models }));
    return [database, index, chat, rag];
  });
  return wired([...services, vectors, out]);
}

const own = chats(["red", "green"], (out) => ({ out, url, key: "one-api-key", model: "numbers" }));
const toldOf = (name: string) => parseEnv(delivered(filesIn(own, `${name}-rag`)["/etc/rag-api/rag-api.env"] ?? ""));

describe("two chats that share a PostgreSQL", () => {
  test("nothing of them is refused", () => {
    expect(own.wiring?.problems(contextOf(own), new Set(own.services.map(({ name }) => name)))).toEqual([]);
  });

  test("each is let in with tokens of its own chat, and logs in to its own database", () => {
    expect(toldOf("red")).toMatchObject({
      JWT_SECRET: madeUp({ name: "red-session", slot: "current" }),
      DB_HOST: "vectors",
      DB_PORT: "5432",
      POSTGRES_DB: "red-rag",
      POSTGRES_USER: "red-rag",
      POSTGRES_PASSWORD: madeUp({ name: "vectors-red-rag", slot: "current" }),
      PGVECTOR_CREATE_EXTENSION: "false",
    });
    const secrets = ["JWT_SECRET", "POSTGRES_PASSWORD"] as const;
    for (const one of secrets) expect(toldOf("green")[one]).not.toBe(toldOf("red")[one]);
    expect(parseEnv(delivered(filesIn(own, "red")["/etc/librechat/secrets.env"] ?? ""))).toMatchObject({
      JWT_SECRET: toldOf("red").JWT_SECRET,
      RAG_API_URL: "http://red-rag:8000",
    });
  });

  test("each is asked by its own chat alone, and asks the database and the proxy", () => {
    const { flows } = own;
    const ends = flows.filter(({ from, to }) => [from, to].includes("red-rag")).map(({ from, to }) => `${from} ${to}`);
    expect(ends.sort()).toEqual(["red red-rag", "red-rag out", "red-rag vectors"]);
    expect(own.allowed.filter(({ client }) => client === "red-rag").flatMap(({ hosts }) => hosts)).toEqual([
      "one.example",
    ]);
  });

  test("the database lets each role into its own database, from its own address", () => {
    const hba = filesIn(own, "vectors")["/etc/postgresql/pg_hba.conf"] ?? "";
    expect(hba.match(/^host .*$/gm)).toEqual([
      expect.stringMatching(/^host "green-rag" "green-rag" [\d.]+\/32 scram-sha-256$/),
      expect.stringMatching(/^host "red-rag" "red-rag" [\d.]+\/32 scram-sha-256$/),
    ]);
  });

  test("files are searched where it is there", () => {
    const config = parse(filesIn(own, "red")["/etc/librechat/librechat.yaml"] ?? "") as Record<string, unknown>;
    expect(config).toMatchObject({
      interface: { fileSearch: true },
      endpoints: { agents: { capabilities: ["artifacts", "context", "chain", "file_search"] } },
    });
  });
});

describe("numbers of the estate's own model", () => {
  const asking = chats(["red"], () => ({ from: vllm, key: "own-api-key", model: "numbers" }));

  test("are asked for at that machine, and nothing on the internet is", () => {
    const machines = { models: { address: "10.66.2.4" } };
    const told = parseEnv(delivered(filesIn(asking, "red-rag", { machines })["/etc/rag-api/rag-api.env"] ?? ""));
    expect(told).toMatchObject({ RAG_OPENAI_BASEURL: "http://models:8000/v1", EMBEDDINGS_MODEL: "numbers" });
    const reached = [...matrix(machineReachability(asking, { ...settings, machines }))]
      .filter(({ from, answer }) => from === "red-rag" && answer.reachable)
      .map(({ to, port }) => `${to} ${String(port.number)}`);
    expect(reached.sort()).toEqual(["machine:models 8000", "vectors 5432"]);
    expect(asking.services.find(({ name }) => name === "red-rag")?.environment).not.toHaveProperty("HTTPS_PROXY");
  });

  test("are missed where nobody says where it is", () => {
    const context = { ...contextOf(asking), flows: asking.flows.filter(({ to }) => to !== "machine:models") };
    const problems = asking.wiring?.problems(context, new Set(asking.services.map(({ name }) => name))) ?? [];
    expect(problems.map(({ property, expected }) => `${property}: ${expected}`)).toEqual([
      "garrison:machines.models.address: the address of models: red-rag cannot do without it",
    ]);
  });
});
