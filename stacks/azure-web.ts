import { resolve } from "node:path";
import type { AzurePlace } from "../components/azure/azure-place.ts";
import { authelia } from "../components/services/authelia/service.ts";
import { egressProxy } from "../components/services/egress-proxy/service.ts";
import { firecrawlBrowser } from "../components/services/firecrawl/browser.ts";
import { firecrawl, firecrawlWorker } from "../components/services/firecrawl/service.ts";
import { flowise } from "../components/services/flowise/service.ts";
import { jobQueue } from "../components/services/job-queue/service.ts";
import { n8n } from "../components/services/n8n/service.ts";
import { automationSettings } from "../components/services/n8n/settings.ts";
import { postgres } from "../components/services/postgres/service.ts";
import { qdrant } from "../components/services/qdrant/service.ts";
import { searxng } from "../components/services/searxng/service.ts";
import { siteSettings } from "../components/services/site.ts";
import { skill, skillGateway } from "../components/services/skill-gateway/service.ts";
import { staticSite } from "../components/services/static-site/service.ts";
import { valkey } from "../components/services/valkey/service.ts";
import { wazuhDashboard } from "../components/services/wazuh-dashboard/service.ts";
import { wazuhIndexer } from "../components/services/wazuh-indexer/service.ts";
import { wazuhManager } from "../components/services/wazuh-manager/service.ts";
import { webFront } from "../components/services/web-front/service.ts";
import { group } from "../components/wiring/group.ts";
import { machine } from "../components/wiring/machine-of.ts";
import { otherMachine, remote } from "../components/wiring/other-machine.ts";
import { chatSite } from "./chat-site.ts";
import { sitePage } from "./site-page.ts";

/** Where the web machine is: in a network of its own, with the one public address of the estate. */
export const azureWebPlace: AzurePlace = {
  subnets: [{ name: "web", number: 1 }],
  machines: [
    {
      name: "main",
      subnet: "web",
      size: "Standard_F16s_v2",
      osDiskGiB: 256,
      dataDisks: [{ name: "data", lun: 0, sizeGiB: 256, mount: "/data" }],
      publicAddress: true,
      open: [{ name: "web", ports: [80, 443], from: "web", who: "visitors", why: "the sites" }],
    },
  ],
};

const out = egressProxy("egress-proxy");
const models = remote(otherMachine("gpu", { owner: "platform", expires: "2027-05-31" }), "openai", 8000);

const vectors = postgres("lc-vectordb", { extensions: ["vector"] });
const chats = ["govgpt", "edugpt", "civiqs"].map((site) => chatSite(site, { out, vectors, models }));

const cache = valkey("valkey");
const search = searxng("searxng", {
  cache,
  out,
  engines: ["en.wikipedia.org", "html.duckduckgo.com", "www.mojeek.com"],
});
const knowledge = qdrant("qdrant");

// A skill is handed what its program asks for; none has a program yet, so none has a way out.
const skills = {
  office: skill("sg-office", { purpose: "Skill: documents and mail", image: "skill-office", memory: 256 }),
  content: skill("sg-content", { purpose: "Skill: texts for the sites", image: "skill-content", memory: 256 }),
  analytics: skill("sg-analytics", { purpose: "Skill: numbers and charts", image: "skill-analytics", memory: 256 }),
  research: skill("sg-research", {
    purpose: "Skill: research",
    image: "skill-research",
    memory: 256,
    search,
    vectors: knowledge,
  }),
  video: skill("sg-video", { purpose: "Skill: video", image: "skill-video", memory: 768 }),
  render: skill("sg-render", { purpose: "Skill: pages and documents as pictures", image: "skill-render", memory: 256 }),
  jobs: skill("sg-jobs", { purpose: "Skill: work that takes long", image: "skill-jobs", memory: 256 }),
};

/** `site-1` is told its name by `garrison:site1`. */
const sites = [1, 2, 3, 4, 5, 6, 7].map((number) => {
  const name = `site-${String(number)}`;
  return { to: staticSite(name, { pages: sitePage(name) }), at: siteSettings(`site${String(number)}`) };
});

const model = [{ hosts: ["api.mistral.ai"], why: "models are asked" }];
const [workflowSite, drawingSite, siem] = [automationSettings("n8n"), siteSettings("flowise"), siteSettings("siem")];
const workflows = n8n("n8n", { out, hosts: model, site: workflowSite });
const drawing = flowise("flowise", { out, hosts: model, site: drawingSite });

const queue = jobQueue("firecrawl-redis");
const browser = firecrawlBrowser("firecrawl-playwright", { out });

const indexer = wazuhIndexer("wazuh-indexer");
const manager = wazuhManager("wazuh-manager", { indexer });
const dashboard = wazuhDashboard("wazuh-dashboard", { indexer, manager });

const sessions = valkey("authelia-redis");
const login = authelia("authelia", {
  sessions,
  site: siteSettings("login"),
  // What other programs call has a path of its own, and asks nobody to log in.
  protects: [
    { site: workflowSite, of: workflows, open: ["^/webhook/"] },
    { site: drawingSite, of: drawing },
    { site: siem, of: dashboard },
  ],
});

const front = webFront("front", {
  sites: [
    ...sites,
    // Files to talk about, and answers that come word by word.
    ...chats.map(({ site }) => ({ ...site, bodyMiB: 64, live: true })),
    { to: workflows, at: workflowSite, bodyMiB: 16, live: true },
    { to: drawing, at: drawingSite, bodyMiB: 20, live: true },
    { to: dashboard, at: siem, live: true },
  ],
  login,
});

/** The public web machine: the web platform's 41 containers, and what contains them. */
export const azureWeb = machine("azure-web", {
  numbers: resolve(import.meta.dirname, "azure-web.numbers.json"),
  requireDeclaration: true,
  // Room for 124 services.
  subnetPrefix: 25,
  programs: [front],
  groups: [group("wazuh", "Wazuh's parts talk", [manager, indexer, dashboard])],
  services: [
    ...chats.flatMap(({ services }) => services),
    vectors,
    skillGateway("sg-gateway", { image: "skill-gateway", memory: 256, skills }),
    ...Object.values(skills),
    ...sites.map(({ to }) => to),
    workflows,
    drawing,
    firecrawl("firecrawl-api", { queue, browser, search }),
    firecrawlWorker("firecrawl-worker", { queue, browser }),
    browser,
    queue,
    login,
    sessions,
    manager,
    indexer,
    dashboard,
    search,
    knowledge,
    cache,
    out,
  ],
});
