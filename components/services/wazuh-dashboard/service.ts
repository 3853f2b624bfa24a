import { tmpfs, volume } from "#components/container/facts.ts";
import { shell } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { evidence } from "./evidence.ts";

export interface WazuhDashboardWires {
  readonly indexer: Endpoint<"opensearch">;
  readonly manager: Endpoint<"wazuh-api">;
}

/** The page over the events. The image has no configuration where it looks for one. */
export function wazuhDashboard(name: string, { indexer, manager }: WazuhDashboardWires): Endpoint<"https"> {
  return define(name, {
    uses: {
      indexer: { to: indexer, why: "events are shown", configuredBy: "the image, which asks wazuh.indexer" },
      manager: { to: manager, why: "agents and rules are shown", configuredBy: "WAZUH_API_URL, by its alias" },
    },
    serves: { speaks: "https", port: 5601 },
    facts: (self) => ({
      purpose: "Wazuh dashboard: the page over the events",
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
        "/usr/share/wazuh-dashboard/data/wazuh/config": volume(`${self.name}-config`),
        "/usr/share/wazuh-dashboard/plugins/wazuh/public/assets/custom": volume(`${self.name}-custom`),
      },
      health: shell("curl -skf -o /dev/null https://localhost:5601/status || exit 1", {
        startPeriod: 120,
      }),
      listens: [5601],
      startSeconds: 300,
      waivers: [
        waive("container.user", {
          reason:
            "the image owns its program and data directories as uid 1000, and so do those of llm-guard and wazuh-indexer",
          owner: "security",
          expires: "2027-03-31",
        }),
        waive("container.read-only-root", {
          reason: "writes keystore and optimised bundles beside its program at start",
          owner: "security",
          expires: "2027-03-31",
        }),
      ],
    }),
  });
}
