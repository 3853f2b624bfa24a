import { tmpfs } from "../container/facts.ts";
import { exec } from "../container/health.ts";
import type { Waiver } from "../container/waiver.ts";
import type { ServiceDeclaration } from "../services/declaration.ts";
import { throughProxy } from "../services/egress-proxy/client.ts";
import { define } from "../wiring/blueprint.ts";
import type { AllowedHosts, Endpoint, Service } from "../wiring/blueprint.ts";
import { evidence } from "./sandbox.evidence.ts";

/**
 * Where model-chosen code runs, described once. It gives the container of the estate and the sandbox settings that
 * the OpenClaw gateway gets for the containers that it would make, so both always say the same.
 */
export interface SandboxProfile {
  /** Name of the container. */
  readonly name: string;
  readonly purpose: string;
  /** Key in the image lock. */
  readonly image: string;
  /** Where the agent works, and the only place beside the temporary directories it can write to. */
  readonly workdir: string;
  /** Size of the workspace in MiB. */
  readonly workspace: number;
  /** Temporary directories and their sizes in MiB. */
  readonly temporary: Readonly<Record<string, number>>;
  /** Memory limit in MiB, swap off. */
  readonly memory: number;
  readonly cpus: number;
  readonly pids: number;
  /** What it takes in, holds and can do; it may have two of the three. @default nothing */
  readonly trust?: ServiceDeclaration["trust"];
  /** @default none */
  readonly waivers?: readonly Waiver[];
  /** Open files: soft and hard limit. */
  readonly files: readonly [soft: number, hard: number];
}

const USUAL = {
  workdir: "/workspace",
  workspace: 256,
  temporary: { "/run": 16, "/tmp": 64, "/var/tmp": 64 },
  memory: 1024,
  cpus: 1,
  // gVisor has 50 threads of its own before a program starts.
  pids: 256,
  files: [1024, 2048],
} as const;

/**
 * A sandbox of the usual size: 1 GiB, one processor, 256 processes, 256 MiB of workspace in `/workspace`.
 *
 * @example
 * ```ts
 * const tools = sandbox(sandboxProfile("tools", { purpose: "Runs what the agent writes", image: "agent-tools" }));
 * ```
 */
export function sandboxProfile(
  name: string,
  given: Pick<SandboxProfile, "purpose" | "image"> & Partial<Omit<SandboxProfile, "name">>,
): SandboxProfile {
  return { ...USUAL, ...given, name };
}

const WHY_IDLE = "holds place and posture of a sandbox: the gateway makes none, and nothing runs code in it";

export interface SandboxWires {
  /** The way out of what runs in it. @default none: it is on no network at all */
  readonly out?: {
    readonly proxy: Endpoint<"forward-proxy">;
    readonly why: string;
    readonly hosts: readonly AllowedHosts[];
  };
}

/** A sandbox of the machine. */
export interface Sandbox extends Service {
  readonly profile: SandboxProfile;
}

/**
 * The profile as a container of the estate: idle, and without a network unless it is handed a proxy.
 *
 * @example
 * ```ts
 * const browser = sandbox(sandboxProfile("browser", { purpose: "Reads pages", image: "agent-browser" }), {
 *   out: { proxy: out, why: "it reads pages", hosts: [{ hosts: [".example.org"], why: "the pages it may read" }] },
 * });
 * ```
 */
export function sandbox(profile: SandboxProfile, { out }: SandboxWires = {}): Sandbox {
  const temporary = Object.entries(profile.temporary).map(([path, size]) => [path, tmpfs(size)] as const);
  const service = define(profile.name, {
    uses: { out: out && { to: out.proxy, why: out.why, hosts: out.hosts } },
    facts: (self) => ({
      purpose: profile.purpose,
      image: profile.image,
      evidence,
      memory: profile.memory,
      memoryFloor: 64,
      cpus: profile.cpus,
      pids: profile.pids,
      command: ["sleep", "infinity"],
      environment: { HOME: profile.workdir, LANG: "C.UTF-8", ...(out && throughProxy(self.use("out"))) },
      writable: { ...Object.fromEntries(temporary), [profile.workdir]: tmpfs(profile.workspace) },
      health: exec(["test", "-w", profile.workdir]),
      listens: [],
      ulimits: { nofile: profile.files },
      agent: true,
      declares: { role: "agent", ...(profile.trust && { trust: profile.trust }) },
      ...(profile.waivers && { waivers: profile.waivers }),
      idle: WHY_IDLE,
    }),
  });
  return { ...service, profile };
}
