import { describe, expect, test } from "vitest";
import { isChecked } from "#components/container/health.ts";
import { waiverProblems } from "#components/container/waiver.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { referencesIn } from "#components/secrets/reference.ts";
import { settingOf } from "#components/secrets/secret.ts";
import { planImages } from "#lab/images/plan.ts";
import { delivered } from "#tests/support/office-files.ts";
import { webPlatform } from "#tests/support/web-platform.ts";
import { filesIn, wired } from "#tests/support/wired.ts";
import { anInput, lockOf } from "../machine/example.ts";

const own = wired(webPlatform());
const images = lockOf(...new Set(own.services.map(({ image }) => image)));
const given = new Map(
  own.secrets.flatMap(({ name, source }) => (source.type === "external" ? [[settingOf(name), "secret"] as const] : [])),
);
const settings = { ...anInput().settings, resources: { memoryMiB: 32_768, cpus: 16, reserveMiB: 1536 } };
const plan = planMachine(anInput({ definition: own, images, given, settings }));

test("every kind of the web platform is planned on one machine, below its memory", () => {
  expect(plan.containers).toHaveLength(own.services.length);
  const memory = plan.containers.reduce((sum, { container }) => sum + container.memory, 0);
  expect(memory).toBeLessThan(32_768 - 1536);
});

test("only the proxy leads out, and no relation has company on its network", () => {
  const out = own.networks.filter(({ egress }) => egress === true);
  expect(out.map(({ members }) => members)).toEqual([["out"]]);
  for (const { members, egress } of own.networks) expect(members).toHaveLength(egress === true ? 1 : 2);
});

test("volumes have one owner, and databases are asked by those alone who were handed them", () => {
  const volumes = own.services.flatMap(({ writable }) =>
    Object.values(writable).flatMap((mount) => (mount.type === "volume" ? [mount.volume] : [])),
  );
  expect(new Set(volumes).size).toBe(volumes.length);
  const askers = (name: string) => own.flows.filter(({ to }) => to === name).map(({ from }) => from);
  expect(["red-database", "vectors", "crawl-jobs", "login-sessions"].map(askers)).toEqual([
    ["red"],
    ["research-skill"],
    ["crawl", "crawl-worker"],
    ["login"],
  ]);
});

test("a lab has a real program or a stand-in for each, which its health check finds", () => {
  const plans = planImages(own.services);
  const real = plans.filter(({ program }) => program === "real").map(({ key }) => key);
  expect(real).toEqual(["egress-proxy", "nginx", "postgres", "searxng", "valkey"]);
  const standIns = plans.filter(({ program }) => program === "stand-in");
  for (const { key, ports, shims } of standIns) {
    expect(ports.length, key).toBeGreaterThan(0);
    expect(shims.length, key).toBeGreaterThan(0);
  }
});

describe.each(own.services.map((service) => [service.name, service] as const))("%s", (name, service) => {
  const files = filesIn(own, name);

  test("has limits with a floor, a check of its own, and waivers in order", () => {
    expect(service.memoryFloor).toBeLessThanOrEqual(service.memory);
    expect(isChecked(service.health)).toBe(true);
    expect((service.waivers ?? []).flatMap(waiverProblems)).toEqual([]);
  });

  test("has no secret in a variable or on a command line, and none left in what is delivered", () => {
    const { environment = {}, command = [], entrypoint = [] } = service;
    expect([...Object.values(environment), ...command, ...entrypoint].flatMap(referencesIn)).toEqual([]);
    for (const text of Object.values(files)) expect(delivered(text)).not.toContain("@{secret");
  });

  test("finds its files where nothing else is written", () => {
    for (const path of Object.keys(files)) {
      const directory = `${path.slice(0, path.lastIndexOf("/"))}/`;
      for (const other of Object.keys(service.writable)) expect(directory.startsWith(`${other}/`), path).toBe(false);
    }
  });
});

test("a skill is asked with its own token, of which it knows the hash alone", () => {
  const gateway = filesIn(own, "skills")["/etc/skill/settings.json"] ?? "";
  const asked = JSON.parse(delivered(gateway)) as { skills: Record<string, { url: string; token: string }> };
  expect(Object.keys(asked.skills)).toEqual(["mail", "research"]);
  expect(asked.skills.mail?.token).not.toBe(asked.skills.research?.token);
  const skill = filesIn(own, "mail-skill")["/etc/skill/settings.json"] ?? "";
  expect(referencesIn(skill).map(({ name, as }) => `${name} ${as}`)).toEqual(
    Array.from({ length: 2 }, () => "mail-skill-skills sha256"),
  );
});
