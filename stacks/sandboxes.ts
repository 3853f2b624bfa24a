import { sandboxProfile } from "../components/sandbox/sandbox-profile.ts";

/** Dakota's own tools: no network at all. */
export const dakotaSandbox = sandboxProfile("openclaw-sandbox", {
  purpose: "Sandbox of Dakota's tools",
  trust: ["untrusted-input", "private-data"], // what the gateway hands in, and no way out
  image: "openclaw-sandbox",
});

/** The browser, which is worth nothing without a network: it is handed a proxy and nothing else. */
export const browserSandbox = sandboxProfile("openclaw-sandbox-browser", {
  purpose: "Sandbox of the browser",
  trust: ["untrusted-input", "acts"], // pages, and nothing of the operator's
  image: "openclaw-sandbox-browser",
  memory: 2048,
  cpus: 2,
  pids: 512,
});

/** Sub-agents: as Dakota's, with a smaller workspace. */
export const subAgentSandbox = sandboxProfile("openclaw-sandbox-sub", {
  purpose: "Sandbox of sub-agents",
  trust: ["untrusted-input", "private-data"],
  image: "openclaw-sandbox",
  workspace: 128,
});
