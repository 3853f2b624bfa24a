import type { SandboxProfile } from "./sandbox-profile.ts";

const shared = {
  workdir: "/workspace",
  workspace: 256,
  temporary: { "/run": 16, "/tmp": 64, "/var/tmp": 64 },
  memory: 1024,
  cpus: 1,
  // gVisor has 50 threads of its own before a program starts.
  pids: 256,
  files: [1024, 2048],
} as const;

/** Dakota's own tools: no network at all. */
export const dakotaSandbox: SandboxProfile = {
  ...shared,
  name: "openclaw-sandbox",
  purpose: "Sandbox of Dakota's tools",
  trust: ["untrusted-input", "private-data"], // what the gateway hands in, and no way out
  image: "openclaw-sandbox",
};

/** The browser, which is worth nothing without a network: it is handed a proxy and nothing else. */
export const browserSandbox: SandboxProfile = {
  ...shared,
  name: "openclaw-sandbox-browser",
  purpose: "Sandbox of the browser",
  trust: ["untrusted-input", "acts"], // pages, and nothing of the operator's
  image: "openclaw-sandbox-browser",
  memory: 2048,
  cpus: 2,
  pids: 512,
};

/** Sub-agents: as Dakota's, with a smaller workspace. */
export const subAgentSandbox: SandboxProfile = {
  ...shared,
  name: "openclaw-sandbox-sub",
  purpose: "Sandbox of sub-agents",
  trust: ["untrusted-input", "private-data"],
  image: "openclaw-sandbox",
  workspace: 128,
};
