import { describe, expect, test } from "vitest";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { missingServices, secretsLeft, withoutServices } from "#components/machine/present-services.ts";
import { authority, certificate, password } from "#components/secrets/secret.ts";
import { office } from "#stacks/office.ts";
import { deployedImages } from "#tests/support/deployed-images.ts";
import { DIGEST, aService, definition, settings } from "./example.ts";

const big = { ...settings, resources: { memoryMiB: 65_536, cpus: 16, reserveMiB: 8192 } };
const given = new Map(
  ["anthropicApiKey", "telegramBotToken", "openaiApiKey", "cloudflaredToken"].map((key) => [key, "secret" as const]),
);

async function planned(lab: boolean): Promise<MachinePlan> {
  const images = await deployedImages(DIGEST);
  const unlocked = lab ? "placeholder" : "refuse";
  return planMachine({ definition: office, settings: { ...big, lab }, stack: "office", images, given, unlocked });
}

describe("the office machine outside the lab", () => {
  test("goes without the services that have no program, by name and with the reason", async () => {
    const { missing, containers } = await planned(false);
    const { images } = await deployedImages(DIGEST);
    const expected = office.services.filter(
      ({ image, unready }) => images[image]?.missing !== undefined || unready !== undefined,
    );
    expect(missing.map(({ service }) => service)).toEqual(expected.map(({ name }) => name));
    expect(missing).toContainEqual({ service: "request-broker", why: "its program is not written yet" });
    expect(containers.length).toBe(office.services.length - missing.length);
  });

  test("has nothing of them: no flow, network, file or name that the proxy lets through", async () => {
    const plan = await planned(false);
    const text = JSON.stringify(plan, (key, value: unknown) => (key === "missing" ? undefined : value));
    for (const name of ["request-broker", "gmail-notify", "calendar-aggregator"]) expect(text).not.toContain(name);
    for (const name of ["wazuh-manager", "wazuh-indexer", "wazuh-dashboard"]) expect(text).not.toContain(name);
    for (const network of ["out-broker", "out-mail", "out-calendar", "page-wazuh", "wazuh-edge"])
      expect(text).not.toContain(network);
    expect(text).not.toContain("graph.microsoft.com");
  });

  test("has no stand-in, and every image by digest or by the id that its daemon gave it", async () => {
    const { containers } = await planned(false);
    for (const { name, container } of containers) {
      expect(container.labels, name).not.toHaveProperty("garrison.stand-in");
      expect(container.image, name).toMatch(/^([a-z0-9./_-]+@)?sha256:[0-9a-f]{64}$/);
    }
    const proxy = containers.find(({ name }) => name === "egress-proxy");
    expect(proxy?.container.image).toBe(DIGEST);
  });

  test("leaves everybody else where the lab has them", async () => {
    const [real, lab] = [await planned(false), await planned(true)];
    expect(lab.missing).toEqual([]);
    expect(lab.containers.length).toBe(office.services.length);
    for (const { name, container } of real.containers) {
      const same = lab.containers.find((other) => other.name === name);
      expect(same?.container.user).toEqual(container.user);
      for (const network of container.networks) expect(same?.container.networks).toContainEqual(network);
    }
  });
});

describe("missingServices", () => {
  const [real, lab] = [settings, { ...settings, lab: true }];
  const missing = { repository: null, tag: null, digest: null, missing: "not written yet" };

  test("is nobody once there is an image", () => {
    const there = { images: { page: { ...missing, repository: "r", tag: "1", digest: DIGEST } } };
    expect(missingServices(definition, { images: { page: missing } }, real)).toHaveLength(1);
    expect(missingServices(definition, there, real)).toEqual([]);
  });

  test("is one whose real image does not work yet, whatever the lock has", () => {
    const there = { images: { page: { repository: "r", tag: "1", digest: DIGEST } } };
    const unready = { services: [{ ...aService("page", 1), unready: "it has no configuration" }] };
    expect(missingServices(unready, there, real)).toEqual([{ service: "page", why: "it has no configuration" }]);
  });

  test("is nobody in a lab, which has a stand-in for each", () => {
    expect(missingServices(definition, { images: { page: missing } }, lab)).toEqual([]);
  });
});

describe("withoutServices", () => {
  const full = {
    ...definition,
    services: [aService("page", 1), aService("database", 2), aService("sandbox", 3)],
    allowed: [{ client: "page", hosts: ["example.org"], why: "because" }],
  };

  test("takes along what only they need, and no more", () => {
    const left = withoutServices(full, [{ service: "page", why: "not written yet" }]);
    expect(left.services.map(({ name }) => name)).toEqual(["database", "sandbox"]);
    expect(left.flows).toEqual([]);
    expect(left.networks).toEqual([]);
    expect(left.allowed).toEqual([]);
  });

  test("leaves no two on a network who do not talk, and of those who do the network as it is", () => {
    const internalTo = (...members: string[]) => ({ name: "all", number: 1, why: "they talk", members });
    const asked = [...definition.flows, { ...definition.flows[0], from: "sandbox", to: "page" }] as typeof full.flows;
    const grouped = { ...full, flows: asked, networks: [internalTo("page", "database", "sandbox")] };
    expect(withoutServices(grouped, [{ service: "page", why: "" }]).networks).toEqual([]);
    expect(withoutServices(grouped, [{ service: "sandbox", why: "" }]).networks).toEqual([
      internalTo("page", "database"),
    ]);
  });

  test("leaves a machine of which nothing is missing as it is", () => {
    expect(withoutServices(full, [])).toBe(full);
  });
});

describe("secretsLeft", () => {
  const files = [{ service: "database", user: { uid: 1, gid: 1 }, directories: [], secrets: ["shared", "pair"] }];
  const secrets = [
    authority("signer", "signs pairs"),
    certificate("pair", "who the database is", { authority: "signer", names: ["database"] }),
    password("shared", "both read it"),
    password("login", "only the page read it"),
    { ...password("key", "locks what the page keeps"), of: "page" },
  ];

  test("are those that somebody reads, and the authority of a certificate", () => {
    const left = secretsLeft(secrets, files, [{ service: "page", why: "not written yet" }]);
    expect(left.map(({ name }) => name).sort()).toEqual(["pair", "shared", "signer"]);
  });

  test("keep, in no file, what a service that is switched off by a setting locked its data with", () => {
    const left = secretsLeft(secrets, files, [{ service: "page", why: "off", bySetting: true }]);
    expect(left.filter(({ parked }) => parked === true)).toEqual([{ ...secrets[4], parked: true }]);
    expect(left).toHaveLength(4);
  });

  test("are all of them where everybody is there", () => {
    expect(secretsLeft(secrets, files, [])).toEqual(secrets);
  });
});
