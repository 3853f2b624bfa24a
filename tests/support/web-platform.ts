import { authelia } from "#components/services/authelia/service.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { firecrawlBrowser } from "#components/services/firecrawl/browser.ts";
import { firecrawl, firecrawlWorker } from "#components/services/firecrawl/service.ts";
import { flowise } from "#components/services/flowise/service.ts";
import { jobQueue } from "#components/services/job-queue/service.ts";
import { librechat } from "#components/services/librechat/service.ts";
import { chatSettings } from "#components/services/librechat/settings.ts";
import { meilisearch } from "#components/services/meilisearch/service.ts";
import { mongodb } from "#components/services/mongodb/service.ts";
import { ragApi } from "#components/services/rag-api/service.ts";
import { postgres } from "#components/services/postgres/service.ts";
import { n8n } from "#components/services/n8n/service.ts";
import { automationSettings } from "#components/services/n8n/settings.ts";
import { qdrant } from "#components/services/qdrant/service.ts";
import { searxng } from "#components/services/searxng/service.ts";
import { siteSettings } from "#components/services/site.ts";
import { skill, skillGateway } from "#components/services/skill-gateway/service.ts";
import { staticSite } from "#components/services/static-site/service.ts";
import { valkey } from "#components/services/valkey/service.ts";
import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import { secretOf } from "#components/wiring/handed-secret.ts";
import { later } from "#components/wiring/later.ts";

/** Three chats, seven sites, skills, automation, pages as text and a login: every kind of the web platform together. */
export function webPlatform(): Service[] {
  const out = egressProxy("out");
  const cache = valkey("search-cache");
  const search = searxng("search", { cache, out, engines: ["www.mojeek.com"] });
  const vectors = qdrant("vectors");
  const model = (name: string) => ({ hosts: [`${name}.example`], why: "a model" });

  const pieces = postgres("pieces", { extensions: ["vector"] });
  const chats = ["red", "green", "blue"].flatMap((name) => {
    const database = mongodb(`${name}-database`);
    const index = meilisearch(`${name}-index`);
    const site = chatSettings(`${name}Chat`);
    const one = { url: "https://one.example/v1", key: `${name}-one-api-key` } as const;
    const chat = later<Endpoint<"http">>(name);
    const embeddings = { ...one, out, model: "numbers" };
    const rag = ragApi(`${name}-rag`, { database: pieces, tokens: secretOf(chat, "session"), embeddings });
    const models = [{ ...one, name: "One", models: ["small"] }] as const;
    chat.is(librechat(name, { database, index, out, rag, site, models }));
    return [database, index, chat, rag];
  });
  const sites = Array.from({ length: 7 }, (_, index) =>
    staticSite(`site-${String(index + 1)}`, { pages: { "index.html": "<!doctype html><title>A site</title>" } }),
  );
  const mail = skill("mail-skill", { purpose: "Mail", image: "skill", out: { proxy: out, hosts: [model("mail")] } });
  const research = skill("research-skill", { purpose: "Research", image: "skill", search, vectors });
  const skills = skillGateway("skills", { image: "skill-gateway", skills: { mail, research } });
  const queue = jobQueue("crawl-jobs");
  const browser = firecrawlBrowser("crawl-browser", { out });
  const automation = n8n("workflows", { out, hosts: [model("tickets")], site: automationSettings("workflows") });
  const flows = flowise("flows", { out, hosts: [model("two")], site: siteSettings("drawing") });
  const sessions = valkey("login-sessions");
  const login = authelia("login", {
    sessions,
    site: siteSettings("login"),
    protects: [{ site: siteSettings("drawing") }],
  });
  return [
    ...chats,
    pieces,
    ...sites,
    skills,
    mail,
    research,
    firecrawl("crawl", { queue, browser, search }),
    firecrawlWorker("crawl-worker", { queue, browser }),
    browser,
    queue,
    automation,
    flows,
    login,
    sessions,
    search,
    cache,
    vectors,
    out,
  ];
}
