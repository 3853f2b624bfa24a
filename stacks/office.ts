import { resolve } from "node:path";
import { sandbox } from "../components/sandbox/sandbox-profile.ts";
import { calendarAggregator } from "../components/services/calendar-aggregator/service.ts";
import { cloudflared } from "../components/services/cloudflared/service.ts";
import { dockerSocketProxy } from "../components/services/docker-socket-proxy/service.ts";
import { egressProxy } from "../components/services/egress-proxy/service.ts";
import { falkordb } from "../components/services/falkordb/service.ts";
import { gmailNotify } from "../components/services/gmail-notify/service.ts";
import { graphiti } from "../components/services/graphiti/service.ts";
import { llmGuard } from "../components/services/llm-guard/service.ts";
import { nginx } from "../components/services/nginx/service.ts";
import { openclawGateway } from "../components/services/openclaw-gateway/service.ts";
import { requestBroker } from "../components/services/request-broker/service.ts";
import { searxng } from "../components/services/searxng/service.ts";
import { uptimeKuma } from "../components/services/uptime-kuma/service.ts";
import { valkey } from "../components/services/valkey/service.ts";
import { wazuhDashboard } from "../components/services/wazuh-dashboard/service.ts";
import { wazuhIndexer } from "../components/services/wazuh-indexer/service.ts";
import { wazuhManager } from "../components/services/wazuh-manager/service.ts";
import { group } from "../components/wiring/group.ts";
import { machine } from "../components/wiring/machine-of.ts";
import { browserSandbox, dakotaSandbox, subAgentSandbox } from "./sandboxes.ts";
import { telegram } from "./telegram.ts";

const out = egressProxy("egress-proxy");

const tools = sandbox(dakotaSandbox);
const gateway = openclawGateway("openclaw-gateway", {
  out,
  agent: "Dakota",
  channels: [telegram],
  sandbox: tools,
  volume: "openclaw-state",
});
const browser = sandbox(browserSandbox, {
  out: {
    proxy: out,
    why: "the browser sees the allowed web",
    hosts: [{ hosts: [".wikipedia.org"], why: "what the browser may read until somebody asks for more" }],
  },
});

const cache = valkey("valkey");
const search = searxng("searxng", {
  cache,
  out,
  engines: ["en.wikipedia.org", "html.duckduckgo.com", "www.mojeek.com"],
});
const graph = falkordb("falkordb");
const memory = graphiti("graphiti", { graph, out });

const indexer = wazuhIndexer("wazuh-indexer");
const manager = wazuhManager("wazuh-manager", { indexer });
const dashboard = wazuhDashboard("wazuh-dashboard", { indexer, manager });
const uptime = uptimeKuma("uptime-kuma", { out, watches: [".govgpt.example", ".edugpt.example", ".civiqs.example"] });

const pages = nginx("nginx", { pages: { gateway, uptime, wazuh: dashboard } });

/** The office machine: the agent hub. */
export const office = machine("office", {
  numbers: resolve(import.meta.dirname, "office.numbers.json"),
  requireDeclaration: true,
  groups: [group("wazuh", "Wazuh's parts talk", [manager, indexer, dashboard])],
  services: [
    gateway,
    tools,
    browser,
    sandbox(subAgentSandbox),
    llmGuard("llm-guard"),
    memory,
    graph,
    requestBroker("request-broker"),
    gmailNotify("gmail-notify"),
    calendarAggregator("calendar-aggregator"),
    search,
    cache,
    pages,
    cloudflared("cloudflared", { pages }),
    manager,
    indexer,
    dashboard,
    uptime,
    dockerSocketProxy("docker-socket-proxy"),
    out,
  ],
});
