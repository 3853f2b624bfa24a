import type { User } from "../container/facts.ts";
import type { SandboxProfile } from "./sandbox-profile.ts";

/**
 * The profile as `agents.defaults.sandbox` of OpenClaw: what the gateway gives the containers that it makes itself.
 *
 * Neither gVisor nor the seccomp profile is among it: the settings have no runtime (read in the configuration schema of
 * 2026.7.1), and take a profile by the path of a file on the gateway's side only.
 */
export function openclawSandbox(profile: SandboxProfile, { uid, gid }: User) {
  const [soft, hard] = profile.files;
  const memory = `${String(profile.memory)}m`;
  return {
    mode: "all",
    scope: "agent",
    backend: "docker",
    // The gateway's own files stay out of it.
    workspaceAccess: "none",
    sessionToolsVisibility: "spawned",
    docker: {
      workdir: profile.workdir,
      readOnlyRoot: true,
      tmpfs: Object.entries(profile.temporary).map(
        ([path, size]) => `${path}:rw,noexec,nosuid,nodev,size=${String(size)}m`,
      ),
      network: "none",
      user: `${String(uid)}:${String(gid)}`,
      capDrop: ["ALL"],
      env: { LANG: "C.UTF-8" },
      pidsLimit: profile.pids,
      memory,
      // The same: more would be swap.
      memorySwap: memory,
      cpus: profile.cpus,
      ulimits: { nofile: { soft, hard } },
    },
    browser: { enabled: false },
    prune: { idleHours: 24, maxAgeDays: 7 },
  };
}
