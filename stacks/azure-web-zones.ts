import type { Zone } from "../components/estate/stack-definition.ts";

const chats = ["govgpt", "edugpt", "civiqs"] as const;
const skills = ["office", "content", "analytics", "research", "video", "render", "jobs"].map((name) => `sg-${name}`);
const crawl = ["firecrawl-api", "firecrawl-worker", "firecrawl-playwright"];
const automation = ["n8n", "flowise"];

/** The web platform as people think of it: 17 zones, and one more for what contains it. */
export const azureWebZones: readonly Zone[] = [
  ...chats.map((site) => ({
    name: `lc-${site}`,
    why: `the chat ${site} and what is its own`,
    members: [`${site}-api`, `${site}-mongodb`, `${site}-meilisearch`, `${site}-rag`, "lc-vectordb"],
  })),
  {
    name: "lc-egress",
    why: "chats and RAG APIs ask models",
    out: true,
    members: chats.flatMap((site) => [`${site}-api`, `${site}-rag`]),
  },
  { name: "skill", why: "the gateway asks its skills", members: ["sg-gateway", ...skills] },
  { name: "skill-egress", why: "no skill has a way out today", out: true, members: skills.slice(0, 5) },
  {
    name: "sites",
    why: "sites ask nobody; the web server of the host hands visitors on to each",
    members: ["site-1", "site-2", "site-3", "site-4", "site-5", "site-6", "site-7"],
  },
  { name: "automation", why: "neither asks the other", members: automation },
  { name: "automation-egress", why: "workflows and flows ask models", out: true, members: automation },
  { name: "firecrawl", why: "pages are read", members: [...crawl, "firecrawl-redis"] },
  { name: "search", why: "the web is searched", members: ["searxng", "valkey", "firecrawl-api", "sg-research"] },
  { name: "research-egress", why: "search engines and pages are asked", out: true, members: ["searxng", ...crawl] },
  { name: "vector", why: "what is known is found by meaning", members: ["qdrant", "sg-research"] },
  { name: "auth", why: "sessions of who has logged in", members: ["authelia", "authelia-redis"] },
  { name: "auth-egress", why: "the login has no way out: it sends no mail", out: true, members: ["authelia"] },
  { name: "wazuh", why: "Wazuh's parts talk", members: ["wazuh-manager", "wazuh-indexer", "wazuh-dashboard"] },
  { name: "wazuh-edge", why: "agents report, the feed comes down", out: true, members: ["wazuh-manager"] },
  { name: "contains", why: "counted apart: the way out of all others", out: true, members: ["egress-proxy"] },
];
