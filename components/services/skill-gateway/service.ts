import { tmpfs } from "#components/container/facts.ts";
import { node } from "#components/container/health.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint, Facts } from "#components/wiring/blueprint.ts";
import { gatewaySettings, SKILL_SETTINGS, skillSettings } from "./config.ts";
import { evidence } from "./evidence.ts";
import type { SkillGatewayOptions, SkillOptions, SkillProgram } from "./options.ts";

/**
 * A skill: a program of one's own, which its gateway asks with a token. What it may reach is what it is handed.
 *
 * @example
 * ```ts
 * const mail = skill("mail-skill", {
 *   purpose: "Writes mail",
 *   image: "mail-skill",
 *   out: { proxy: out, hosts: [{ hosts: ["mail.example.org"], why: "mail is sent there" }] },
 * });
 * ```
 */
export function skill(name: string, options: SkillOptions): Endpoint<"skill"> {
  const { out, search, vectors, purpose } = options;
  return define(name, {
    uses: {
      out: out && { to: out.proxy, why: "what it works with is on the internet", hosts: out.hosts },
      search: search && { to: search, why: "it searches" },
      vectors: vectors && { to: vectors, why: "it finds by meaning" },
    },
    serves: { speaks: "skill", port: 8080, login: { why: "lets the gateway ask the skill" } },
    facts: () => program(purpose, options),
    files: (self) => ({ [SKILL_SETTINGS]: skillSettings(self, options) }),
  });
}

/**
 * One door for several skills, behind a token of its own.
 *
 * @example
 * ```ts
 * const mail = skill("mail-skill", { purpose: "Writes mail", image: "mail-skill" });
 * const skills = skillGateway("skills", { image: "skill-gateway", folder: "/srv/skills", skills: { mail } });
 * ```
 */
export function skillGateway(name: string, options: SkillGatewayOptions): Endpoint<"http"> {
  const { skills } = options;
  return define(name, {
    uses: Object.fromEntries(
      Object.entries(skills).map(([own, to]) => [own, { to, why: `what asks for ${own} is handed on` }]),
    ),
    serves: { speaks: "http", port: 8080 },
    secrets: { token: { why: "opens the skills", source: { type: "password", length: 40 } } },
    facts: () => program("Skill gateway: one door for several skills", options),
    files: (self) => ({ [SKILL_SETTINGS]: gatewaySettings(self, options) }),
  });
}

function program(purpose: string, { image, folder, memory = 384 }: SkillProgram): Facts {
  return {
    purpose,
    image,
    evidence,
    memory,
    memoryFloor: 32,
    cpus: 0.5,
    pids: 128,
    environment: { NODE_ENV: "production", HOME: "/tmp", SKILL_SETTINGS },
    writable: { "/tmp": tmpfs(64) },
    ...(folder !== undefined && { mounts: { "/skills": folder } }),
    health: node(8080, "/healthz"),
    listens: [8080],
  };
}
