import { shell } from "../container/health.ts";
import { waive } from "../container/waiver.ts";
import { evidence } from "./wazuh-dashboard.evidence.ts";
import { service, tmpfs, volume } from "./service.ts";

/** The page over the events. The image has no configuration where it looks for one. */
export const wazuhDashboard = service("wazuh-dashboard", {
  purpose: "Wazuh dashboard: the page over the events",
  number: 17,
  image: "wazuh-dashboard",
  evidence,
  unready: "has no configuration of ours yet: it does not start",
  user: { uid: 1000, gid: 1000 },
  memory: 1024,
  memoryFloor: 64,
  cpus: 1,
  pids: 256,
  hostname: "wazuh.dashboard",
  aliases: ["wazuh.dashboard"],
  environment: { WAZUH_API_URL: "https://wazuh.manager" },
  writable: {
    "/tmp": tmpfs(64),
    "/usr/share/wazuh-dashboard/data/wazuh/config": volume("wazuh-dashboard-config"),
    "/usr/share/wazuh-dashboard/plugins/wazuh/public/assets/custom": volume("wazuh-dashboard-custom"),
  },
  health: shell("curl -skf -o /dev/null https://localhost:5601/status || exit 1", { interval: 10, startPeriod: 120 }),
  listens: [5601],
  startSeconds: 300,
  waivers: [
    waive("container.user", {
      reason: "the image owns its program and data directories as uid 1000, which llm-guard and wazuh-indexer have too",
      owner: "security",
      expires: "2027-03-31",
    }),
    waive("container.read-only-root", {
      reason: "writes keystore and optimised bundles beside its program at start",
      owner: "security",
      expires: "2027-03-31",
    }),
  ],
});
