import { tmpfs, volume } from "#components/container/facts.ts";
import { node } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { throughProxy } from "../egress-proxy/client.ts";
import { N8N_ENVIRONMENT, n8nEnvironment } from "./config.ts";
import { evidence } from "./evidence.ts";
import type { N8nOptions } from "./options.ts";

/**
 * n8n: workflows that people and models write. It runs code, so it is an agent: under gVisor, out through an allow-list
 * alone. The code of a workflow is a process beside n8n's own, in the same sandbox: no Docker in Docker, no container with
 * the host's rights.
 *
 * The first visitor makes the owner's account, so nothing may hand visitors on that does not ask who they are. Today nothing
 * can: a flow to an agent is refused.
 *
 * @example
 * ```ts
 * const automation = n8n("automation", {
 *   out,
 *   hosts: [{ hosts: ["api.example.org"], why: "tickets are made there" }],
 *   site: automationSettings("workflows"),
 * });
 * ```
 */
export function n8n(name: string, options: N8nOptions): Endpoint<"http"> {
  const { out, hosts, site } = options;
  return define(name, {
    uses: { out: { to: out, why: "workflows ask services on the internet", hosts } },
    serves: { speaks: "http", port: 5678 },
    settings: [site],
    secrets: { credentials: { why: "encrypts what workflows log in with", source: { type: "bytes", length: 32 } } },
    facts: (self) => ({
      purpose: "n8n: workflows",
      image: "n8n",
      evidence,
      memory: 1024,
      memoryFloor: 256,
      cpus: 1,
      pids: 256,
      entrypoint: ["node", `--env-file=${N8N_ENVIRONMENT}`, "/usr/local/lib/node_modules/n8n/bin/n8n"],
      command: ["start"],
      // It copies its pages to its home at start.
      environment: { HOME: "/tmp", NODE_OPTIONS: "--max-old-space-size=640", ...throughProxy(self.use("out")) },
      writable: { "/tmp": tmpfs(192), "/data": volume(`${self.name}-data`) },
      // Not by busybox's wget: under the gVisor of Debian it sees no answer.
      health: node(5678, "/healthz", { interval: 30, startPeriod: 120 }),
      listens: [5678],
      agent: true,
      declares: { role: "agent" },
      startSeconds: 300,
      stopSeconds: 40,
      waivers: [
        waive("agent.volumes", {
          reason: "workflows and what ran are in a volume as Docker makes it, which only the disk limits",
          owner: "platform",
          expires: "2027-06-30",
        }),
        waive("agent.secrets", {
          reason:
            "n8n cannot begin without the key that encrypts what workflows log in with, and their code runs beside it as the same user",
          owner: "platform",
          expires: "2027-04-30",
        }),
      ],
    }),
    files: (self) => ({ [N8N_ENVIRONMENT]: n8nEnvironment(self, options) }),
  });
}
