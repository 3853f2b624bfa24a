import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseImageLock } from "#components/container/image-lock.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { withEveryMachine } from "#components/machine/other-machines.ts";
import { settingOf } from "#components/secrets/secret.ts";
import { checkout } from "#helpers/files/directories.ts";
import { azureWeb } from "#stacks/azure-web.ts";
import { azureWebZones } from "#stacks/azure-web-zones.ts";
import { parseSettings } from "#stacks/settings.ts";
import { asPulumiGives } from "#tests/support/mistyped-settings.ts";
import type { Given } from "#tests/support/mistyped-settings.ts";
import { DIGEST } from "../components/machine/example.ts";

const machine = withEveryMachine(azureWeb);
/** What contains the others, and is counted apart. */
const contains = ["egress-proxy", "valkey"];

test("41 containers, and what contains them, each in a zone", () => {
  expect(machine.services.filter(({ name }) => !contains.includes(name))).toHaveLength(41);
  expect(azureWebZones).toHaveLength(17 + 1);
  const named = new Set(azureWebZones.flatMap(({ members }) => members));
  expect([...named].sort()).toEqual(machine.services.map(({ name }) => name).sort());
});

test("no network is of two chats, and databases get out of none", () => {
  for (const { name, members, egress } of machine.networks) {
    const chats = ["govgpt", "edugpt", "civiqs"].filter((site) => members.some((one) => one.startsWith(`${site}-`)));
    expect(chats.length, name).toBeLessThan(2);
    const databases = machine.services.filter((one) => one.database === true && members.includes(one.name));
    if (egress === true || members.includes("egress-proxy")) expect(databases, name).toEqual([]);
  }
});

describe("with the committed settings, outside a lab", () => {
  const text = (file: string) => readFileSync(join(checkout, file), "utf8");
  const { config } = parse(text("Pulumi.azure-web.yaml")) as { config: Given };
  const own = Object.entries(config).filter(([key]) => key.startsWith("garrison:"));
  const settings = parseSettings(
    asPulumiGives(Object.fromEntries(own.map(([key, value]) => [key.slice("garrison:".length), value]))),
    "azure-web",
  );
  const { images } = parseImageLock(JSON.parse(text("images.lock.json")));
  /** As if every image that is published, or built here, had been looked up. */
  const locked = Object.fromEntries(
    Object.entries(images).map(([key, image]) =>
      image.missing === undefined
        ? [key, { ...image, repository: `registry.example/${key}`, digest: DIGEST }]
        : [key, image],
    ),
  );
  const given = new Map(
    azureWeb.secrets.flatMap(({ name, source }) =>
      source.type === "external" ? [[settingOf(name), "secret"] as const] : [],
    ),
  );
  const stack = { definition: azureWeb, settings, stack: "azure-web", images: { images: locked }, given };
  const plan = planMachine({ ...stack, unlocked: "refuse" });

  test("what has no program or no configuration is switched off, and the rest fits with its reserve", () => {
    expect(plan.missing.map(({ service }) => service).sort()).toEqual([
      ...["sg-analytics", "sg-content", "sg-gateway", "sg-jobs", "sg-office", "sg-render", "sg-research", "sg-video"],
      ...["wazuh-dashboard", "wazuh-indexer", "wazuh-manager"],
    ]);
    expect(plan.containers).toHaveLength(43 - 11);
    const memory = machine.services.reduce((sum, service) => sum + service.memory, 0);
    expect(memory).toBeLessThanOrEqual(settings.resources.memoryMiB - settings.resources.reserveMiB);
  });

  test("only the proxy has a way out, until the settings say where the models are", () => {
    expect(plan.networks.filter(({ internal }) => !internal).map(({ name }) => name)).toEqual(["egress"]);
  });

  test("agents are under gVisor, with the waivers that are theirs", () => {
    const agents = plan.containers.filter(({ container }) => container.agent === true);
    expect(agents.map(({ name, container }) => [name, container.waivers?.map(({ id }) => id)])).toEqual([
      ["n8n", ["agent.volumes", "agent.secrets"]],
      ["flowise", ["agent.volumes", "agent.secrets"]],
    ]);
  });
});
