import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseImageLock } from "#components/container/image-lock.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { settingOf } from "#components/secrets/secret.ts";
import { checkout } from "#helpers/files/directories.ts";
import { azureWeb } from "#stacks/azure-web.ts";
import { parseSettings } from "#stacks/settings.ts";
import { asPulumiGives, changed } from "#tests/support/mistyped-settings.ts";
import type { Given } from "#tests/support/mistyped-settings.ts";
import { DIGEST } from "../components/machine/example.ts";

// What the committed settings' machine loses with services that its settings switch off, as if every image had a program.

const text = (file: string) => readFileSync(join(checkout, file), "utf8");
const { config } = parse(text("Pulumi.azure-web.yaml")) as { config: Given };
const committed = Object.fromEntries(
  Object.entries(config).flatMap(([key, value]) =>
    key.startsWith("garrison:") ? [[key.slice("garrison:".length), value] as const] : [],
  ),
);
const { images } = parseImageLock(JSON.parse(text("images.lock.json")));
const program = { repository: "registry.example/any", tag: "1", digest: DIGEST };
const locked = Object.fromEntries(Object.keys(images).map((key) => [key, program]));
const services = azureWeb.services.map((own) =>
  Object.fromEntries(Object.entries(own).filter(([key]) => key !== "unready")),
) as unknown as typeof azureWeb.services;
const definition = { ...azureWeb, services };
const external = azureWeb.secrets.filter(({ source }) => source.type === "external").map(({ name }) => name);

/** @param withoutSecrets external secrets that nobody gave */
function planned(given: Given, withoutSecrets: readonly string[] = []): MachinePlan {
  const settings = parseSettings(asPulumiGives(given), "azure-web");
  const kept = external.filter((name) => !withoutSecrets.includes(name));
  return planMachine({
    definition,
    settings,
    stack: "azure-web",
    images: { images: locked },
    given: new Map(kept.map((name) => [settingOf(name), "secret"] as const)),
    unlocked: "refuse",
  });
}

const govgpt = ["govgpt-api", "govgpt-mongodb", "govgpt-meilisearch", "govgpt-rag"];
const crawl = ["firecrawl-api", "firecrawl-worker", "firecrawl-playwright", "firecrawl-redis"];
const off = ["flowise", ...govgpt, ...crawl];
const switched = changed(committed, ["services"], Object.fromEntries(off.map((name) => [name, "off"])));
const [all, some] = [planned(committed), planned(switched)];
const namesOf = (plan: MachinePlan, part: "networks" | "containers" | "secrets" | "files") =>
  plan[part].map((own) => ("service" in own ? own.service : own.name));
const lost = (part: Parameters<typeof namesOf>[1]) => {
  const left = namesOf(some, part);
  return namesOf(all, part)
    .filter((name) => !left.includes(name))
    .sort();
};

describe("flowise, a chat's four services and Firecrawl switched off", () => {
  test("are gone, with the networks and flows of theirs, and no other", () => {
    expect(lost("containers")).toEqual([...off].sort());
    const theirs = azureWeb.networks.filter(({ name, members }) => {
      return members.some((one) => off.includes(one)) && namesOf(all, "networks").includes(name);
    });
    expect(lost("networks")).toEqual(theirs.map(({ name }) => name).sort());
    const isTheirs = ({ from, to }: { from: string; to: string }) => off.includes(from) || off.includes(to);
    expect(some.flows).toEqual(all.flows.filter((flow) => !isTheirs(flow)));
    expect(all.flows.filter(isTheirs).length).toBeGreaterThan(10);
    expect(some.volumes.map(({ volume }) => volume)).toEqual(
      all.volumes.map(({ volume }) => volume).filter((name) => !off.some((one) => name.startsWith(`azweb-${one}-`))),
    );
  });

  test("are in no file, rule or address of anybody else", () => {
    const { containers, files, flows, networks, cgroups, reconciles } = some;
    const rest = JSON.stringify({ containers, files, flows, networks, cgroups, reconciles });
    for (const name of [...off, "flowise.civiqs.example"]) expect(rest).not.toContain(name);
    expect(JSON.stringify(all.files)).toContain("flowise.civiqs.example");
  });

  test("take their secrets along; what they made for themselves stays in the state, in no file", () => {
    const read = (plan: MachinePlan) => plan.secrets.flatMap(({ name, readers }) => (readers.length > 0 ? [name] : []));
    const gone = read(all).filter((name) => !read(some).includes(name));
    expect(gone.every((name) => /govgpt|flowise|firecrawl/.test(name))).toBe(true);
    expect(read(some).some((name) => /govgpt|flowise|firecrawl/.test(name))).toBe(false);
    const parked = some.secrets.filter(({ parked: kept }) => kept === true);
    expect(parked.map(({ of }) => of).every((name) => off.includes(name ?? ""))).toBe(true);
    expect(parked.map(({ name }) => name)).toContain("govgpt-api-credentials-key");
    expect(lost("secrets")).toEqual(gone.filter((name) => !parked.some((one) => one.name === name)).sort());
  });

  test("move nobody else", () => {
    for (const { name, container } of some.containers) {
      const same = all.containers.find((one) => one.name === name);
      expect(container.user, name).toEqual(same?.container.user);
      for (const network of container.networks) expect(same?.container.networks, name).toContainEqual(network);
    }
    for (const { name, subnet } of some.networks)
      expect(all.networks).toContainEqual(expect.objectContaining({ name, subnet }));
  });

  test("need to be told nothing: no domain, and no secret of others", () => {
    const silent = changed(changed(switched, ["flowise"], undefined), ["govgpt"], undefined);
    const keys = external.filter((name) => name.startsWith("govgpt"));
    expect(keys.length).toBeGreaterThan(0);
    expect(namesOf(planned(silent, keys), "containers")).toEqual(namesOf(some, "containers"));
    const on = changed(changed(committed, ["flowise"], undefined), ["govgpt"], undefined);
    expect(() => planned(on)).toThrow(/garrison:govgpt\.domain(.|\n)*garrison:flowise\.domain/);
  });

  test("leave the rotations of their secrets where they are", () => {
    const login = lost("secrets").find((name) => !external.includes(name)) ?? "";
    const rotated = changed(switched, ["secrets"], { [login]: { generation: 2 } });
    expect(namesOf(planned(rotated), "secrets")).not.toContain(login);
    expect(() => planned(changed(switched, ["secrets"], { nosuch: { generation: 2 } }))).toThrow("secrets.nosuch");
  });

  test("are there as before once they are switched on again", () => {
    const again = planned(changed(switched, ["services"], Object.fromEntries(off.map((name) => [name, "on"]))));
    expect(JSON.stringify({ ...again, settings: {} })).toBe(JSON.stringify({ ...all, settings: {} }));
  });

  test("are told with the setting that says so", () => {
    expect(all.missing).toEqual([]);
    expect(some.missing.map(({ service, why }) => [service, why])).toContainEqual([
      "flowise",
      "garrison:services.flowise is off",
    ]);
  });
});

describe("what others cannot do without is refused", () => {
  test.each([
    ["egress-proxy", "services.searxng.out: found egress-proxy, which is switched off"],
    ["govgpt-mongodb", "services.govgpt-api.database: found govgpt-mongodb, which is switched off"],
    ["govgpt-api", "services.govgpt-rag.takes.tokens: found govgpt-api, which is switched off"],
    ["govgpt-api", "services.govgpt-mongodb: found govgpt-api, which is switched off"],
    ["wazuh-manager", "garrison:services.wazuh-manager: found off; expected on: "],
    ["flowize", "found no service of the machine; expected one of its services; did you mean flowise?"],
  ])("%s", (name, said) => {
    const refused = () => planned(changed(committed, ["services"], { [name]: "off" }));
    expect(refused).toThrow(said);
    expect(refused).toThrow(`type: pulumi config rm --path garrison:services.${name}`);
  });
});
