import { exec } from "../container/health.ts";
import type { Waiver } from "../container/waiver.ts";
import type { ServiceDeclaration } from "../services/declaration.ts";
import { service, tmpfs } from "../services/service.ts";
import type { ServiceSpec } from "../services/service.ts";
import { evidence } from "./sandbox.evidence.ts";

/**
 * Where model-chosen code runs, described once. It gives the container of the estate and the sandbox settings that
 * the OpenClaw gateway gets for the containers it makes itself, so both always say the same.
 */
export interface SandboxProfile {
  /** Name of the container. */
  readonly name: string;
  readonly purpose: string;
  /** See {@link ServiceSpec.number}. */
  readonly number: number;
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
  /** Beyond home and language. @default nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it takes in, holds and can do; it may have two of the three. @default nothing */
  readonly trust?: ServiceDeclaration["trust"];
  /** @default none */
  readonly waivers?: readonly Waiver[];
  /** Open files: soft and hard limit. */
  readonly files: readonly [soft: number, hard: number];
}

const WHY_IDLE = "holds place and posture of a sandbox until the gateway creates its own";

/** The profile as a container of the estate: idle, without a network unless the stack gives it one. */
export function sandboxService(profile: SandboxProfile): ServiceSpec {
  const temporary = Object.entries(profile.temporary).map(([path, size]) => [path, tmpfs(size)] as const);
  return service(profile.name, {
    purpose: profile.purpose,
    number: profile.number,
    image: profile.image,
    evidence,
    memory: profile.memory,
    memoryFloor: 64,
    cpus: profile.cpus,
    pids: profile.pids,
    command: ["sleep", "infinity"],
    environment: { HOME: profile.workdir, LANG: "C.UTF-8", ...profile.environment },
    writable: { ...Object.fromEntries(temporary), [profile.workdir]: tmpfs(profile.workspace) },
    health: exec(["test", "-w", profile.workdir]),
    listens: [],
    ulimits: { nofile: profile.files },
    agent: true,
    declares: { role: "agent", ...(profile.trust && { trust: profile.trust }) },
    ...(profile.waivers && { waivers: profile.waivers }),
    idle: WHY_IDLE,
  });
}
