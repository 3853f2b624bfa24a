import { egress, internal } from "../components/machine/machine-definition.ts";
import type { MachineDefinition } from "../components/machine/machine-definition.ts";
import { browserSandbox, dakotaSandbox, subAgentSandbox } from "../components/sandbox/profiles.ts";
import { sandboxService } from "../components/sandbox/sandbox-profile.ts";
import { calendarAggregator } from "../components/services/calendar-aggregator.ts";
import { cloudflared } from "../components/services/cloudflared.ts";
import { dockerSocketProxy } from "../components/services/docker-socket-proxy.ts";
import { egressProxy } from "../components/services/egress-proxy.ts";
import { falkordb } from "../components/services/falkordb.ts";
import { gmailNotify } from "../components/services/gmail-notify.ts";
import { graphiti } from "../components/services/graphiti.ts";
import { llmGuard } from "../components/services/llm-guard.ts";
import { nginx } from "../components/services/nginx.ts";
import { openclawGateway } from "../components/services/openclaw-gateway.ts";
import { requestBroker } from "../components/services/request-broker.ts";
import { searxng } from "../components/services/searxng.ts";
import { uptimeKuma } from "../components/services/uptime-kuma.ts";
import { valkey } from "../components/services/valkey.ts";
import { wazuhDashboard } from "../components/services/wazuh-dashboard.ts";
import { wazuhIndexer } from "../components/services/wazuh-indexer.ts";
import { wazuhManager } from "../components/services/wazuh-manager.ts";

/** The office machine: the agent hub. */
export const office: MachineDefinition = {
  role: "office",

  services: [
    openclawGateway,
    sandboxService(dakotaSandbox), // on no network at all
    sandboxService(browserSandbox),
    sandboxService(subAgentSandbox), // on no network at all
    llmGuard,
    graphiti,
    falkordb,
    requestBroker,
    gmailNotify,
    calendarAggregator,
    searxng,
    valkey,
    nginx,
    cloudflared,
    wazuhManager,
    wazuhIndexer,
    wazuhDashboard,
    uptimeKuma,
    dockerSocketProxy,
    egressProxy,
  ],

  networks: [
    internal("guard", 1, "the gateway has prompts and answers scored", ["openclaw-gateway", "llm-guard"]),
    internal("memory", 2, "the gateway remembers and recalls", ["openclaw-gateway", "graphiti"]),
    internal("graph", 3, "the memory service, and nothing else, reads its database", ["graphiti", "falkordb"]),
    internal("search", 4, "the gateway searches the web", ["openclaw-gateway", "searxng"]),
    internal("search-cache", 5, "the search caches", ["searxng", "valkey"]),
    internal("docker-api", 6, "the gateway sees its sandboxes", ["openclaw-gateway", "docker-socket-proxy"]),
    internal("tunnel", 7, "the tunnel hands requests to Nginx", ["cloudflared", "nginx"]),
    internal("page-gateway", 8, "Nginx shows the gateway's page", ["nginx", "openclaw-gateway"]),
    internal("page-uptime", 9, "Nginx shows the uptime page", ["nginx", "uptime-kuma"]),
    internal("page-wazuh", 10, "Nginx shows the Wazuh dashboard", ["nginx", "wazuh-dashboard"]),
    internal("wazuh", 11, "Wazuh's parts talk", ["wazuh-manager", "wazuh-indexer", "wazuh-dashboard"]),

    internal("out-gateway", 12, "the gateway calls models and channels", ["openclaw-gateway", "egress-proxy"]),
    internal("out-memory", 13, "the memory service calls its model", ["graphiti", "egress-proxy"]),
    internal("out-search", 14, "searches leave through the proxy", ["searxng", "egress-proxy"]),
    internal("out-broker", 15, "the broker mails the operator", ["request-broker", "egress-proxy"]),
    internal("out-mail", 16, "mail is read and pushed", ["gmail-notify", "egress-proxy"]),
    internal("out-calendar", 17, "calendars are polled", ["calendar-aggregator", "egress-proxy"]),
    internal("out-browser", 18, "the browser sees the allowed web", ["openclaw-sandbox-browser", "egress-proxy"]),
    internal("out-uptime", 19, "pages outside are watched", ["uptime-kuma", "egress-proxy"]),

    egress("egress", 20, "the proxy is the way out", ["egress-proxy"]),
    egress("edge", 21, "the tunnel connects to Cloudflare", ["cloudflared"]),
    egress("wazuh-edge", 22, "agents on the host report in, the vulnerability feed comes down", ["wazuh-manager"]),
  ],
};
