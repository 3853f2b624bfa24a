import { throughEgressProxy } from "../config/egress.ts";
import { waive } from "../container/waiver.ts";
import type { SandboxProfile } from "./sandbox-profile.ts";

const SHARED_KERNEL = waive("agent.runtime", {
  reason: "no sandboxed runtime is installed on the machine yet, so the container shares the kernel of the host",
  owner: "security",
  expires: "2027-06-30",
});

const shared = {
  workdir: "/workspace",
  workspace: 256,
  temporary: { "/run": 16, "/tmp": 64, "/var/tmp": 64 },
  memory: 1024,
  cpus: 1,
  pids: 256,
  files: [1024, 2048],
  waivers: [SHARED_KERNEL],
} as const;

/** Dakota's own tools: no network at all. */
export const dakotaSandbox: SandboxProfile = {
  ...shared,
  name: "openclaw-sandbox",
  purpose: "Sandbox of Dakota's tools",
  trust: ["untrusted-input", "private-data"], // what the gateway hands in, and no way out
  number: 2,
  image: "openclaw-sandbox",
};

/** The browser, which is worth nothing without a network: it has the egress proxy and nothing else. */
export const browserSandbox: SandboxProfile = {
  ...shared,
  name: "openclaw-sandbox-browser",
  purpose: "Sandbox of the browser",
  trust: ["untrusted-input", "acts"], // pages, and nothing of the operator's
  number: 3,
  image: "openclaw-sandbox-browser",
  environment: throughEgressProxy,
  memory: 2048,
  cpus: 2,
  pids: 512,
};

/** Sub-agents: as Dakota's, with less of everything. */
export const subAgentSandbox: SandboxProfile = {
  ...shared,
  name: "openclaw-sandbox-sub",
  purpose: "Sandbox of sub-agents",
  trust: ["untrusted-input", "private-data"],
  number: 4,
  image: "openclaw-sandbox",
  workspace: 128,
  pids: 128,
};
