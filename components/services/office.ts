import { browserSandbox, dakotaSandbox, subAgentSandbox } from "../sandbox/profiles.ts";
import { sandboxService } from "../sandbox/sandbox-profile.ts";
import { calendarAggregator } from "./calendar-aggregator.ts";
import { cloudflared } from "./cloudflared.ts";
import { dockerSocketProxy } from "./docker-socket-proxy.ts";
import { egressProxy } from "./egress-proxy.ts";
import { falkordb } from "./falkordb.ts";
import { gmailNotify } from "./gmail-notify.ts";
import { graphiti } from "./graphiti.ts";
import { llmGuard } from "./llm-guard.ts";
import { nginx } from "./nginx.ts";
import { openclawGateway } from "./openclaw-gateway.ts";
import { requestBroker } from "./request-broker.ts";
import { searxng } from "./searxng.ts";
import type { ServiceSpec } from "./service.ts";
import { uptimeKuma } from "./uptime-kuma.ts";
import { valkey } from "./valkey.ts";
import { wazuhDashboard } from "./wazuh-dashboard.ts";
import { wazuhIndexer } from "./wazuh-indexer.ts";
import { wazuhManager } from "./wazuh-manager.ts";

/** The containers of the office machine, in the order in which people name them. */
export const officeServices: readonly ServiceSpec[] = [
  openclawGateway,
  sandboxService(dakotaSandbox),
  sandboxService(browserSandbox),
  sandboxService(subAgentSandbox),
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
];
