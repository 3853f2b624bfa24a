import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { planMachine } from "#components/machine/plan-machine.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { flowise } from "#components/services/flowise/service.ts";
import { n8n } from "#components/services/n8n/service.ts";
import { automationSettings } from "#components/services/n8n/settings.ts";
import { siteSettings } from "#components/services/site.ts";
import { delivered, madeUp } from "#tests/support/office-files.ts";
import { filesIn, wired } from "#tests/support/wired.ts";
import { anInput, lockOf } from "../machine/example.ts";

const out = egressProxy("out");
const workflows = n8n("workflows", {
  out,
  hosts: [{ hosts: ["api.example.org"], why: "tickets" }],
  site: automationSettings("automation"),
});
const asks = [{ hosts: ["models.example.org"], why: "a model" }];
const flows = flowise("flows", { out, hosts: asks, site: siteSettings("drawing") });
const own = wired([workflows, flows, out]);

function variables(name: string, path: string, settings: object = {}) {
  return parseEnv(delivered(filesIn(own, name, settings)[path] ?? ""));
}
const ofN8n = (settings?: object) => variables("workflows", "/etc/n8n/n8n.env", settings);
const ofFlowise = (settings?: object) => variables("flows", "/etc/flowise/flowise.env", settings);

describe.each(["workflows", "flows"])("%s, which runs code", (name) => {
  const service = own.services.find((one) => one.name === name);

  test("is an agent that waives nothing but its volume", () => {
    expect(service).toMatchObject({ agent: true, declares: { role: "agent" } });
    expect(service?.waivers?.map(({ id }) => id)).toEqual(["agent.volumes", "agent.secrets"]);
    const plan = planMachine(anInput({ definition: own, images: lockOf("n8n", "flowise", "egress-proxy") }));
    const planned = plan.containers.find((one) => one.name === name);
    expect(planned?.container).toMatchObject({
      agent: true,
      cgroupParent: expect.stringContaining("office") as string,
    });
  });

  test("has a secret in no variable that Docker shows", () => {
    expect(JSON.stringify([service?.environment, service?.entrypoint, service?.command])).not.toContain("@{secret");
  });
});

describe("n8n", () => {
  test("is opened under its own name behind one proxy, and keeps what ran as long as it is told", () => {
    const told = ofN8n({ automation: { domain: "n8n.example.org", keepDays: 3 } });
    expect(told).toMatchObject({
      N8N_HOST: "n8n.example.org",
      WEBHOOK_URL: "https://n8n.example.org/",
      N8N_PROXY_HOPS: "1",
      EXECUTIONS_DATA_MAX_AGE: "72",
      N8N_ENCRYPTION_KEY: madeUp({ name: "workflows-credentials", slot: "current" }),
    });
  });

  test("takes no package of a stranger, and no node that runs a program", () => {
    expect(ofN8n()).toMatchObject({
      N8N_COMMUNITY_PACKAGES_ENABLED: "false",
      N8N_BLOCK_ENV_ACCESS_IN_NODE: "true",
      N8N_DIAGNOSTICS_ENABLED: "false",
      N8N_PUBLIC_API_DISABLED: "true",
    });
    const excluded = z.array(z.string()).parse(JSON.parse(ofN8n().NODES_EXCLUDE ?? ""));
    expect(excluded).toEqual(expect.arrayContaining(["n8n-nodes-base.executeCommand", "n8n-nodes-base.ssh"]));
  });
});

describe("flowise", () => {
  test("asks who somebody is, with five keys of its own", () => {
    const told = ofFlowise({ drawing: { domain: "flows.example.org" } });
    const keys = [
      told.FLOWISE_SECRETKEY_OVERWRITE,
      told.JWT_AUTH_TOKEN_SECRET,
      told.JWT_REFRESH_TOKEN_SECRET,
      told.EXPRESS_SESSION_SECRET,
      told.TOKEN_HASH_SECRET,
    ];
    expect(new Set(keys).size).toBe(5);
    expect(keys).not.toContain(undefined);
    expect(told).toMatchObject({ APP_URL: "https://flows.example.org", SECURE_COOKIES: "true", TRUST_PROXY: "1" });
  });

  test("begins no program of the asker's, and is embedded in no other page", () => {
    const told = ofFlowise();
    expect(told.DISABLED_NODES?.split(",")).toEqual(expect.arrayContaining(["customMCP", "supergatewayMCP"]));
    expect(told).toMatchObject({
      CUSTOM_MCP_PROTOCOL: "sse",
      ALLOW_BUILTIN_DEP: "false",
      IFRAME_ORIGINS: "https://drawing.site.test",
    });
  });

  test("meets n8n on no network, and reaches nobody but the proxy", () => {
    expect(own.flows.filter(({ from }) => from === "flows").map(({ to }) => to)).toEqual(["out"]);
    const shared = own.networks.filter(({ members }) => ["flows", "workflows"].every((one) => members.includes(one)));
    expect(shared).toEqual([]);
  });
});
