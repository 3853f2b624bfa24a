import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ProblemsError } from "#components/lib/problems.ts";
import type { Problem } from "#components/lib/problems.ts";
import { parseSettings } from "#stacks/settings.ts";
import { webSitesGiven } from "#tests/support/web-sites.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB/+8=\n-----END CERTIFICATE-----\n";
const local = {
  "garrison:docker": '{"host":"unix:///var/run/docker.sock"}',
  "garrison:resources": '{"memoryMiB":8192,"cpus":4}',
  "garrison:pages": '{"origins":["https://gateway.office.example"]}',
  "garrison:telegram": '{"operators":[123456789]}',
};

const inAzure = {
  "garrison:resources": local["garrison:resources"],
  "garrison:azure": '{"location":"westeurope","network":"10.88.0.0/16","image":"Debian:debian-12:12-gen2:0.1"}',
  "garrison:host": JSON.stringify({
    name: "web",
    deployer: { keys: [KEY] },
    operators: { alice: { uid: 2001, keys: [KEY] } },
    operatorsFrom: ["203.0.113.0/29"],
    deployerFrom: ["203.0.113.10"],
  }),
};

function problems(config: Record<string, string>, stack = "office"): readonly Problem[] {
  try {
    parseSettings(config, stack);
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
  return [];
}

function properties(config: Record<string, string>): string[] {
  return problems({ ...local, ...config }).map(({ property }) => property);
}

describe("settings", () => {
  test("have defaults for what a machine need not say", () => {
    expect(parseSettings(local, "office")).toEqual({
      machine: "office",
      images: {},
      lab: false,
      estate: "office",
      docker: { host: "unix:///var/run/docker.sock", cgroupDriver: "systemd" },
      resources: { memoryMiB: 8192, cpus: 4, reserveMiB: 2048 },
      network: "10.77.0.0/16",
      lan: [],
      machines: {},
      resolvers: ["9.9.9.9", "149.112.112.112"],
      secrets: {},
      services: {},
      publish: { address: "127.0.0.1" },
      models: {
        gateway: "anthropic/claude-opus-4-5",
        fallbacks: ["anthropic/claude-sonnet-4-5"],
        memory: "gpt-4.1-mini",
        embedding: "text-embedding-3-small",
      },
      pages: { origins: ["https://gateway.office.example"] },
      telegram: { operators: [123_456_789] },
    });
  });

  test("the stack's name is the machine, unless the settings say so; each has an estate of its own", () => {
    expect(parseSettings({ ...inAzure, ...webSitesGiven }, "azure-web")).toMatchObject({
      machine: "azure-web",
      estate: "azweb",
    });
    expect(parseSettings({ ...inAzure, "garrison:machine": "gpu" }, "gpu-test")).toMatchObject({ estate: "gpu" });
    expect(parseSettings({ ...inAzure, "garrison:machine": "gpu", "garrison:estate": "other" }, "x").estate).toBe(
      "other",
    );
    const unknown = problems(local, "warehouse");
    expect(unknown.map(({ property }) => property)).toEqual(["garrison:machine", "garrison:estate"]);
  });

  test("of other programs are left alone", () => {
    expect(properties({ "docker:host": "x", "pulumi:disable-default-providers": "[]" })).toEqual([]);
  });

  test("an id of digits stays text, a number stays a number", () => {
    expect(properties({ "garrison:estate": "7" })).toEqual(["garrison:estate"]);
    expect(parseSettings({ ...local, "garrison:estate": "e7" }, "office").estate).toBe("e7");
    expect(properties({ "garrison:resources": '{"memoryMiB":"8192","cpus":4}' })).toEqual([
      "garrison:resources.memoryMiB",
    ]);
  });

  test("a value that only looks like JSON is told as it is", () => {
    expect(problems({ ...local, "garrison:docker": "{host: nuc" })[0]).toMatchObject({
      property: "garrison:docker",
      found: '"{host: nuc"',
    });
  });
});

test("every problem is told at once, with what was found, what was expected and what to type", () => {
  const all = problems({
    "garrison:machine": "office",
    "garrison:lab": "perhaps",
    "garrison:estate": "Very-Long-Name",
    "garrison:docker": '{"host":"ssh://root@nuc:22","cgroupDriver":"none","port":1}',
    "garrison:resources": '{"memoryMiB":100}',
    "garrison:network": "8.8.0.0/16",
    "garrison:publish": '{"address":"0.0.0.0"}',
    "garrison:colour": "green",
    "garrison:images": '{"registry":"https://ghcr.io/Example"}',
  });
  const told = new Map(all.map((problem) => [problem.property, problem]));
  expect([...told.keys()].sort()).toEqual([
    "garrison:colour",
    "garrison:docker.cgroupDriver",
    "garrison:docker.hostKey",
    "garrison:docker.port",
    "garrison:estate",
    "garrison:images.registry",
    "garrison:lab",
    "garrison:network",
    "garrison:pages.origins",
    "garrison:publish.address",
    "garrison:resources.cpus",
    "garrison:resources.memoryMiB",
    "garrison:telegram.operators",
  ]);
  expect(all).toHaveLength(told.size);
  expect(told.get("garrison:network")).toEqual({
    property: "garrison:network",
    found: '"8.8.0.0/16"',
    expected: "a private IPv4 block of /16 to /20 such as 10.77.0.0/16",
    fix: "pulumi config set --path garrison:network 10.77.0.0/16",
  });
  expect(told.get("garrison:resources.cpus")?.found).toBe("nothing");
  expect(told.get("garrison:colour")?.fix).toBe("pulumi config rm --path garrison:colour");
  for (const { found, expected, fix } of all) {
    expect(found).not.toBe("");
    expect(expected).not.toBe("");
    expect(fix).toMatch(/^pulumi config (set|rm) --path '?garrison:/);
  }
});

describe("the address of the daemon", () => {
  test.each(["unix:///var/run/docker.sock", "unix:///run/user/1000/docker.sock"])(
    "%s needs no key, and refuses one",
    (host) => {
      expect(properties({ "garrison:docker": JSON.stringify({ host }) })).toEqual([]);
      const given = { host, hostKey: KEY, identityFile: "/keys/deploy" };
      expect(properties({ "garrison:docker": JSON.stringify(given) })).toEqual([
        "garrison:docker.hostKey",
        "garrison:docker.identityFile",
      ]);
    },
  );

  test.each(["ssh://garrison@office.example", "ssh://root@10.0.0.4:2222"])("%s needs its host key", (host) => {
    expect(properties({ "garrison:docker": JSON.stringify({ host }) })).toEqual(["garrison:docker.hostKey"]);
    expect(properties({ "garrison:docker": JSON.stringify({ host, hostKey: KEY }) })).toEqual([]);
  });

  test.each([
    "tcp://10.0.0.4:2375",
    "ssh://office.example",
    "ssh://-oProxyCommand=x@host",
    "ssh://a@b/path",
    "/var/run/docker.sock",
    "unix://docker.sock",
  ])("%s is none", (host) => {
    expect(properties({ "garrison:docker": JSON.stringify({ host, hostKey: KEY }) })).toContain("garrison:docker.host");
  });

  test("a host key that could say more than a key is refused", () => {
    const hostKey = `${KEY}\n* ${KEY}`;
    const host = "ssh://garrison@office.example";
    expect(properties({ "garrison:docker": JSON.stringify({ host, hostKey }) })).toEqual(["garrison:docker.hostKey"]);
  });
});

test("what only a lab has is refused outside of it", () => {
  const lab = {
    "garrison:internetCa": CERTIFICATE,
    "garrison:resources": '{"memoryMiB":8192,"cpus":4,"openFiles":1024}',
  };
  expect(properties(lab)).toEqual(["garrison:internetCa", "garrison:resources.openFiles"]);
  expect(properties({ ...lab, "garrison:lab": "true" })).toEqual([]);
});

describe("what ends up in configuration files", () => {
  test.each([
    ["models", { gateway: 'anthropic/claude"opus' }, "models.gateway"],
    ["models", { fallbacks: ["a", "b c"] }, "models.fallbacks.1"],
    ["models", { memory: "gpt'; reboot; '" }, "models.memory"],
    ["models", { embedding: "a\nPATH=/tmp" }, "models.embedding"],
    ["pages", { origins: ["https://gateway.office.example/path"] }, "pages.origins.0"],
    ["pages", { origins: ["*"] }, "pages.origins.0"],
    ["pages", { origins: ["https://a.example\nb"] }, "pages.origins.0"],
    ["telegram", { operators: ["@alice"] }, "telegram.operators.0"],
    ["telegram", { operators: [-100] }, "telegram.operators.0"],
    ["internetCa", `${CERTIFICATE}key: value\n`, "internetCa"],
    ["resolvers", ["9.9.9.9 all"], "resolvers.0"],
  ])("%s %j cannot say more than it is for", (setting, value, property) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    expect(properties({ "garrison:lab": "true", [`garrison:${setting}`]: text })).toEqual([`garrison:${property}`]);
  });

  test("an office machine says who may speak to its agent and from where; a lab and other machines need not", () => {
    const silent = Object.fromEntries(Object.entries(local).filter(([key]) => !/pages|telegram/.test(key)));
    const of = (config: Record<string, string>, stack: string) =>
      problems(config, stack).map(({ property }) => property);
    expect(of(silent, "office")).toEqual(["garrison:pages.origins", "garrison:telegram.operators"]);
    expect(of({ ...silent, "garrison:telegram": '{"operators":[]}' }, "office")).toHaveLength(2);
    expect(of({ ...silent, "garrison:lab": "true" }, "office")).toEqual([]);
    expect(of({ ...inAzure, ...webSitesGiven }, "azure-web")).toEqual([]);
  });
});

describe("the committed settings", () => {
  const file = z.strictObject({ config: z.record(z.string(), z.unknown()) });

  async function committed(stack: string): Promise<Record<string, string>> {
    const text = await readFile(resolve(import.meta.dirname, `../../../../Pulumi.${stack}.yaml`), "utf8");
    // No salt and no secret: the schema knows `config` alone.
    const { config } = file.parse(parse(text));
    expect(JSON.stringify(config)).not.toContain('"secure"');
    const asPulumiGivesIt = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, asPulumiGivesIt(value)]));
  }

  test.each([
    ["office", ["garrison:docker.hostKey", "garrison:telegram.operators"]],
    ["azure-web", []],
    ["gpu", []],
  ])("of %s lack what nobody can invent, and no more", async (stack, lacking) => {
    const config = await committed(stack);
    expect(problems(config, stack).map(({ property }) => property)).toEqual(lacking);
    // A stack that makes its machine learns its key itself.
    const key = lacking.includes("garrison:docker.hostKey") ? { hostKey: KEY } : {};
    const docker = { ...(JSON.parse(config["garrison:docker"] ?? "{}") as object), ...key };
    const own = {
      "garrison:docker": JSON.stringify(docker),
      ...(lacking.includes("garrison:telegram.operators") && { "garrison:telegram": local["garrison:telegram"] }),
    };
    const settings = parseSettings({ ...config, ...own }, stack);
    expect(settings).toMatchObject({ machine: stack, lab: false });
  });

  test.each(["office", "azure-web", "gpu"])("of %s disable the default providers", async (stack) => {
    const config = await committed(stack);
    expect(JSON.parse(config["pulumi:disable-default-providers"] ?? "[]")).toEqual([
      "docker",
      "azure-native",
      "cloudflare",
    ]);
  });
});

describe("the machine's own configuration", () => {
  const person = { uid: 2001, keys: [`${KEY} alice`] };
  const host = {
    name: "office-nuc",
    deployer: { keys: person.keys },
    operators: { alice: person },
    operatorsFrom: ["192.168.1.0/24"],
    deployerFrom: ["192.168.1.10"],
  };
  const docker = JSON.stringify({ host: "ssh://garrison@office.example", hostKey: KEY });
  const asked = (changes: object) =>
    properties({ "garrison:docker": docker, "garrison:host": JSON.stringify({ ...host, ...changes }) });

  test("says who gets in, and has a default for the rest", () => {
    expect(asked({})).toEqual([]);
  });

  test.each([
    ["host.operators", { operators: {} }],
    ["host.operators.alice.keys.0", { operators: { alice: { uid: 2001, keys: ["AAAA"] } } }],
    ["host.deployer.keys", { deployer: { keys: [] } }],
    ["host.operatorsFrom", { operatorsFrom: [] }],
    ["host.confirmSeconds", { confirmSeconds: 5 }],
    ["host.colour", { colour: "green" }],
  ])("what is wrong is named: %s", (property, changes) => {
    expect(asked(changes)).toEqual([`garrison:${property}`]);
  });

  test("is refused for the machine that the program runs on", () => {
    const local = JSON.stringify({ host: "unix:///var/run/docker.sock" });
    expect(properties({ "garrison:docker": local, "garrison:host": JSON.stringify(host) })).toEqual(["garrison:host"]);
  });
});
