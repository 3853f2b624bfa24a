import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { tmpfs, volume } from "#components/container/facts.ts";
import { parseImageLock } from "#components/container/image-lock.ts";
import { exec, shell } from "#components/container/health.ts";
import { service } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { planImages, planStandIn } from "#lab/images/plan.ts";
import { office } from "#stacks/office.ts";

function specOf(name: string, facts: Partial<ServiceSpec>): ServiceSpec {
  return service(name, {
    purpose: "a test",
    number: 1,
    image: name,
    memory: 64,
    memoryFloor: 32,
    cpus: 1,
    pids: 16,
    writable: {},
    health: exec(["wget", "http://127.0.0.1:80/"]),
    listens: [],
    ...facts,
  });
}

describe("planImages", () => {
  test("plans each image of the office machine once", () => {
    const plans = planImages(office.services);
    expect(plans.map(({ key }) => key)).toEqual([...new Set(office.services.map(({ image }) => image))].sort());
    const real = plans.filter(({ program }) => program === "real").map(({ key }) => key);
    expect(real).toEqual([
      "egress-proxy",
      "falkordb",
      "graphiti",
      "nginx",
      "openclaw",
      "openclaw-sandbox",
      "searxng",
      "valkey",
    ]);
  });

  test("serves every service that uses the image", () => {
    const [plan, ...rest] = planImages([
      specOf("one", { image: "shared", listens: [81, 80], writable: { "/data": volume("one") } }),
      specOf("two", {
        image: "shared",
        listens: [81, 82],
        writable: { "/tmp": tmpfs(1) },
        mounts: { "/etc/two/settings.yml": "/run/two/settings.yml" },
        health: exec(["node", "-e", "0"]),
      }),
    ]);
    expect(rest).toEqual([]);
    expect(plan).toMatchObject({
      key: "shared",
      ports: [
        [80, 200],
        [81, 200],
        [82, 200],
      ],
      directories: ["/data", "/etc/two", "/tmp"],
      shims: ["/usr/bin/wget", "/usr/local/bin/node"],
    });
  });

  test("finds the programs in a line for the shell", () => {
    const health = shell("/var/ossec/bin/wazuh-control status | grep -q running && curl -sk https://localhost:55000/");
    const [plan] = planImages([specOf("manager", { health, listens: [55_000] })]);
    expect(plan?.shims).toEqual(["/usr/bin/curl", "/var/ossec/bin/wazuh-control"]);
    expect(plan?.ports).toEqual([[55_000, 401]]);
  });

  test("refuses a health check by a program that no stand-in has", () => {
    const plan = (): unknown => planImages([specOf("odd", { health: exec(["odd-check"]) })]);
    expect(plan).toThrow('odd: a stand-in has no "odd-check" for the health check');
  });

  test("builds our own images from the recipe of every deployment", async () => {
    const lock = parseImageLock(JSON.parse(await readFile("images.lock.json", "utf8")));
    const own = planImages(office.services).filter((plan) => plan.own);
    expect(own.map(({ key }) => key)).toEqual(["egress-proxy", "openclaw-sandbox"]);
    for (const { key, recipe } of own) expect(recipe).toBe(lock.images[key]?.recipe);
  });
});

describe("planStandIn", () => {
  const real = planImages(office.services).filter(({ program }) => program === "real");

  test.each(real.map((plan) => [plan.key, plan] as const))("can take the place of the real %s", (key, plan) => {
    const standIn = planStandIn(key, office.services);
    const users = office.services.filter(({ image }) => image === key);
    expect(standIn).toMatchObject({ key, program: "stand-in", recipe: "stand-in", directories: plan.directories });
    expect(standIn.description).toContain(`stand-in for ${key}`);
    expect(standIn.own).toBe(false);
    expect(standIn.ports.map(([port]) => port)).toEqual(users.flatMap(({ listens }) => listens));
    expect(standIn.shims).toHaveLength(1);
  });
});
