import { tmpfs, volume } from "#components/container/facts.ts";
import { curl } from "#components/container/health.ts";
import { waive } from "#components/container/waiver.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { proxyUrl } from "../egress-proxy/client.ts";
import { FLOWISE_ENVIRONMENT, flowiseEnvironment } from "./config.ts";
import { evidence } from "./evidence.ts";
import type { FlowiseOptions } from "./options.ts";

/**
 * Flowise: flows of models that people draw. It runs code, so it is an agent: under gVisor, out through an allow-list
 * alone, and to no database of the machine. The first visitor makes the owner's account, so nothing may hand visitors on that
 * does not ask who they are. Today nothing can: a flow to an agent is refused.
 *
 * @example
 * ```ts
 * const flows = flowise("flows", {
 *   out,
 *   hosts: [{ hosts: ["api.mistral.ai"], why: "flows ask a model" }],
 *   site: siteSettings("flowise"),
 * });
 * ```
 */
export function flowise(name: string, options: FlowiseOptions): Endpoint<"http"> {
  const { out, hosts, site } = options;
  return define(name, {
    uses: { out: { to: out, why: "flows ask models on the internet", hosts } },
    serves: { speaks: "http", port: 3000 },
    settings: [site],
    secrets: {
      credentials: { why: "encrypts what flows log in with", source: { type: "bytes", length: 32 } },
      session: { why: "signs sessions", source: { type: "bytes", length: 32 } },
      refresh: { why: "signs what renews sessions", source: { type: "bytes", length: 32 } },
      cookie: { why: "signs cookies", source: { type: "bytes", length: 32 } },
      token: { why: "encrypts what a session says of itself", source: { type: "bytes", length: 32 } },
    },
    facts: (self) => ({
      purpose: "Flowise: flows of models",
      image: "flowise",
      evidence,
      memory: 1536,
      memoryFloor: 256,
      cpus: 1,
      pids: 256,
      entrypoint: ["node", `--env-file=${FLOWISE_ENVIRONMENT}`, "/usr/local/lib/node_modules/flowise/bin/run"],
      command: ["start"],
      environment: {
        HOME: "/tmp",
        NODE_OPTIONS: "--max-old-space-size=1024",
        // Its own name of it: with the usual one its HTTP client would ask the proxy in a way that it refuses.
        GLOBAL_AGENT_HTTPS_PROXY: proxyUrl(self.use("out")),
      },
      writable: { "/tmp": tmpfs(128), "/data": volume(`${self.name}-data`) },
      health: curl(3000, "/api/v1/ping", { interval: 10, startPeriod: 120 }),
      listens: [3000],
      agent: true,
      declares: { role: "agent" },
      startSeconds: 300,
      waivers: [
        waive("agent.volumes", {
          reason: "flows and files are in a volume as Docker makes it, which only the disk limits",
          owner: "platform",
          expires: "2027-06-30",
        }),
        waive("agent.secrets", {
          reason:
            "Flowise cannot begin without the keys that sign its sessions and encrypt what flows log in with, and the code of flows runs in its process",
          owner: "platform",
          expires: "2027-04-30",
        }),
      ],
    }),
    files: (self) => ({ [FLOWISE_ENVIRONMENT]: flowiseEnvironment(self, options) }),
  });
}
