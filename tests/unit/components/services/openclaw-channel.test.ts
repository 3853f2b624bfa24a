import { expect, test } from "vitest";
import { z } from "zod";
import { sandbox, sandboxProfile } from "#components/sandbox/sandbox-profile.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import type { OpenclawChannel } from "#components/services/openclaw-gateway/channel.ts";
import { openclawGateway } from "#components/services/openclaw-gateway/service.ts";
import { settingsPart } from "#components/settings/part.ts";
import { filesIn, wired } from "#tests/support/wired.ts";

const chat: OpenclawChannel = {
  plugin: "chat",
  hosts: ["api.chat.example.org"],
  token: { name: "chat-token", why: "the gateway reads and answers messages" },
  settings: settingsPart("chat", "Who may write.", { rooms: z.array(z.string()).default(["lobby"]) }),
  config: (self, token) => ({ token, rooms: self.setting(chat.settings).rooms }),
};

function machineWith(channels: readonly OpenclawChannel[]) {
  const out = egressProxy("out");
  const tools = sandbox(sandboxProfile("tools", { purpose: "Runs what the agent writes", image: "agent-tools" }));
  return wired([out, tools, openclawGateway("gateway", { out, agent: "Robin", sandbox: tools, channels })]);
}

const read = (own: ReturnType<typeof machineWith>) => {
  const files = filesIn(own, "gateway");
  return {
    config: JSON.parse(files["/etc/openclaw/openclaw.json"] ?? "") as object,
    secrets: files["/etc/openclaw/secrets.json"] ?? "",
  };
};

test("a channel brings its plugin, its names on the internet, its token and its settings", () => {
  const own = machineWith([chat]);
  const { config, secrets } = read(own);
  expect(config).toMatchObject({
    channels: { chat: { token: { source: "file", id: "/chat-token" }, rooms: ["lobby"] } },
    plugins: { allow: ["anthropic", "chat"] },
  });
  expect(secrets).toMatch(/"chat-token": @\{secret:chat-token:/);
  expect(own.allowed).toContainEqual(expect.objectContaining({ client: "gateway", hosts: ["api.chat.example.org"] }));
  expect(own.secrets).toContainEqual({ ...chat.token, source: { type: "external", setting: "chatToken" } });
  expect(own.settings?.map(({ name }) => name)).toEqual(["models", "pages", "chat"]);
});

test("without one, nobody's is opened", () => {
  const own = machineWith([]);
  const { config, secrets } = read(own);
  expect(config).toMatchObject({ channels: {}, plugins: { allow: ["anthropic"] } });
  expect(secrets).not.toContain("chat");
  expect(own.allowed.flatMap(({ hosts }) => hosts)).toEqual(["api.anthropic.com"]);
});
