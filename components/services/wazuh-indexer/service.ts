import { tmpfs, volume } from "#components/container/facts.ts";
import { shell } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { evidence } from "./evidence.ts";

/** Stores the events. The machine needs `vm.max_map_count` of at least 262144. With the image's own configuration: 503. */
export function wazuhIndexer(name: string): Endpoint<"opensearch"> {
  return define(name, {
    uses: {},
    serves: { speaks: "opensearch", port: 9200 },
    facts: (self) => ({
      purpose: "Wazuh indexer: stores the events",
      image: "wazuh-indexer",
      evidence,
      unready: "has no configuration of ours yet: security is not initialised and it never becomes healthy",
      user: { uid: 1000, gid: 1000 },
      memory: 2560,
      memoryFloor: 64,
      cpus: 2,
      pids: 1024,
      hostname: "wazuh.indexer",
      aliases: ["wazuh.indexer"],
      environment: {
        OPENSEARCH_JAVA_OPTS: "-Xms1g -Xmx1g",
        // Programs are loaded from there, its own system call filter among them, and /tmp executes nothing.
        OPENSEARCH_TMPDIR: "/var/lib/wazuh-indexer",
      },
      writable: { "/tmp": tmpfs(128), "/var/lib/wazuh-indexer": volume(`${self.name}-data`) },
      health: shell("curl -sk -o /dev/null -w '%{http_code}' https://localhost:9200 | grep -qE '200|401'", {
        startPeriod: 90,
      }),
      listens: [9200],
      database: true,
      ulimits: { nofile: [65_536, 65_536] },
      stopSeconds: 60,
      startSeconds: 300,
      waivers: [
        waive("container.user", {
          reason:
            "the image owns its program, configuration and data directories as uid 1000, and so do those of llm-guard and wazuh-dashboard",
          owner: "security",
          expires: "2027-03-31",
        }),
        waive("container.read-only-root", {
          reason: "writes keystore and logs beside its program at every start",
          owner: "security",
          expires: "2027-03-31",
        }),
      ],
    }),
  });
}
