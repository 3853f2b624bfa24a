import { allow, egress, internal } from "../components/machine/machine-definition.ts";
import type { MachineDefinition } from "../components/machine/machine-definition.ts";
import { flow } from "../components/network/flow.ts";
import { browserSandbox, dakotaSandbox, subAgentSandbox } from "../components/sandbox/profiles.ts";
import { sandboxService } from "../components/sandbox/sandbox-profile.ts";
import { bytes, external, password } from "../components/secrets/secret.ts";
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
  requireDeclaration: true,

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

  flows: [
    flow("openclaw-gateway", "llm-guard", 8000, "texts can be scored; nothing asks for it yet"),
    flow("openclaw-gateway", "graphiti", 8000, "the agent can remember and recall; nothing asks for it yet"),
    flow("graphiti", "falkordb", 6379, "the memory lives in a graph"),
    flow("openclaw-gateway", "searxng", 8080, "the agent can search the web; nothing asks for it yet"),
    flow("searxng", "valkey", 6379, "the search caches and counts"),
    flow("openclaw-gateway", "docker-socket-proxy", 2375, "containers can be looked at; nothing does yet"),
    flow("cloudflared", "nginx", 8080, "the tunnel hands requests to Nginx"),
    flow("nginx", "openclaw-gateway", 18789, "people open the gateway's page"),
    flow("nginx", "uptime-kuma", 3001, "people open the uptime page"),
    flow("nginx", "wazuh-dashboard", 5601, "people open the Wazuh dashboard"),
    flow("wazuh-manager", "wazuh-indexer", 9200, "events are stored"),
    flow("wazuh-dashboard", "wazuh-indexer", 9200, "events are shown"),
    flow("wazuh-dashboard", "wazuh-manager", 55000, "agents and rules are shown"),
    flow("lan", "wazuh-manager", [1514, 1515], "agents can enrol and report; none is installed yet"),

    flow("openclaw-gateway", "egress-proxy", 3128, "models and channels are on the internet"),
    flow("graphiti", "egress-proxy", 3128, "facts are extracted and embedded by a model"),
    flow("searxng", "egress-proxy", 3128, "search engines are on the internet"),
    flow("request-broker", "egress-proxy", 3128, "the operator is asked by mail"),
    flow("gmail-notify", "egress-proxy", 3128, "mail is read and pushed"),
    flow("calendar-aggregator", "egress-proxy", 3128, "calendars are polled"),
    flow("openclaw-sandbox-browser", "egress-proxy", 3128, "the browser sees the allowed web"),
    flow("uptime-kuma", "egress-proxy", 3128, "pages outside are watched"),

    flow("egress-proxy", "internet", 443, "the proxy is the way out, for HTTPS"),
    flow("egress-proxy", "resolver", [53, "53/udp"], "the proxy looks its clients' names up"),
    flow("cloudflared", "internet", [443, 7844, "7844/udp"], "the tunnel is begun from inside"),
    flow("cloudflared", "resolver", [53, "53/udp"], "Cloudflare's addresses change"),
    flow("wazuh-manager", "internet", 443, "the vulnerability feed comes down"),
    flow("wazuh-manager", "resolver", [53, "53/udp"], "the feed's addresses change"),
  ],

  networks: [
    internal("guard", 1, "the gateway can have texts scored", ["openclaw-gateway", "llm-guard"]),
    internal("memory", 2, "the gateway can remember and recall", ["openclaw-gateway", "graphiti"]),
    internal("graph", 3, "the memory service, and nothing else, reads its database", ["graphiti", "falkordb"]),
    internal("search", 4, "the gateway can search the web", ["openclaw-gateway", "searxng"]),
    internal("search-cache", 5, "the search caches", ["searxng", "valkey"]),
    internal("docker-api", 6, "the gateway can look at containers", ["openclaw-gateway", "docker-socket-proxy"]),
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
    egress("wazuh-edge", 22, "agents can report in, the vulnerability feed comes down", ["wazuh-manager"]),
  ],

  allowed: [
    allow("openclaw-gateway", ["api.anthropic.com"], "the model"),
    allow("openclaw-gateway", ["api.telegram.org"], "the operator's channel"),
    allow("graphiti", ["api.openai.com"], "facts are extracted and embedded"),
    allow("searxng", ["en.wikipedia.org", "html.duckduckgo.com", "www.mojeek.com"], "the search engines"),
    allow("request-broker", ["gmail.googleapis.com", "oauth2.googleapis.com"], "the operator is asked by mail"),
    allow("gmail-notify", ["gmail.googleapis.com", "oauth2.googleapis.com", "api.telegram.org"], "mail in, push out"),
    allow("calendar-aggregator", ["graph.microsoft.com", "login.microsoftonline.com"], "Microsoft 365 and Outlook"),
    allow("calendar-aggregator", ["www.googleapis.com", "oauth2.googleapis.com"], "Google Calendar"),
    allow("openclaw-sandbox-browser", [".wikipedia.org"], "what the browser may read until somebody asks for more"),
    allow("uptime-kuma", [".govgpt.example", ".edugpt.example", ".civiqs.example"], "the public pages are watched"),
  ],

  secrets: [
    password("gateway-token", "opens the gateway's API and page"),
    password("guard-token", "opens the guard"),
    password("valkey-search", "opens the search's cache"),
    password("falkordb-graphiti", "lets the memory service into its database"),
    bytes("searxng-key", "signs what SearXNG hands to browsers"),
    external("anthropic-api-key"),
    external("telegram-bot-token"),
    external("openai-api-key"),
    external("cloudflared-token"),
  ],
};
