import type { Rendering } from "#components/wiring/blueprint.ts";
import { proxyUrl } from "../egress-proxy/client.ts";
import type { SkillGatewayOptions, SkillOptions } from "./options.ts";

/** What a skill and its gateway are told, as JSON. */
export const SKILL_SETTINGS = "/etc/skill/settings.json";

/** Who may ask, by the hash of a token of now and of the one before; and whom it may ask itself. */
export function skillSettings(self: Rendering, { out, search, vectors }: SkillOptions): string {
  const asks = {
    ...(out && { proxy: proxyUrl(self.use("out")) }),
    ...(search && { search: `http://${self.use("search").authority}` }),
    ...(vectors && {
      vectors: { url: `http://${self.use("vectors").authority}`, key: self.use("vectors").login() },
    }),
  };
  return settingsText(self, asks);
}

/** The token of each skill, by the name under which it is asked for. */
export function gatewaySettings(self: Rendering, { skills }: Pick<SkillGatewayOptions, "skills">): string {
  const peers = Object.keys(skills).map((skill) => {
    const { authority, login } = self.use(skill);
    return [skill, { url: `http://${authority}`, token: login() }] as const;
  });
  return settingsText(self, {
    token_sha256: (["current", "previous"] as const).map((slot) => self.own("token", { slot, as: "sha256" })),
    skills: Object.fromEntries(peers),
  });
}

/** Secrets are letters and digits, or hashes: they need no quoting of their own. */
function settingsText(self: Rendering, rest: object): string {
  const clients = self.clients().map(({ name, login }) => ({
    name,
    token_sha256: (["current", "previous"] as const).map((slot) => login({ slot, as: "sha256" })),
  }));
  return `${JSON.stringify({ port: 8080, clients, ...rest }, null, 2)}\n`;
}
