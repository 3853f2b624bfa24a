import { describe, expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/agent/secrets.ts";
import { cpuMs } from "#tests/support/cpu.ts";
import { fakeToken } from "#tests/unit/policies/fake-tokens.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, declares, program } = scene("t");
const env = (text: string) => findings(rule, [agent({ envs: [text] })]);

test.each([
  "API_KEY=x1y2z3",
  "OPENAI_API_KEY=x1y2z3",
  "openaiApiKey=x1y2z3",
  "service-token=x1y2z3",
  "DB_PASSWORD=x1y2z3",
  "SECRET=x1y2z3",
  "GITHUB_PAT=x1y2z3",
  "AUTH_BEARER=x1y2z3",
  "DATABASE_URL=postgres://app:hunter2@db/app",
  `NOTE=${fakeToken.github}`,
  `NOTE=${fakeToken.anthropic}`,
  `NOTE=${fakeToken.telegram}`,
  "NOTE=-----BEGIN OPENSSH PRIVATE KEY-----",
])("finds the variable %s", (text) => {
  const [found] = env(text);
  expect(found).toMatch(/^envs\.0: /);
  expect(found).not.toContain("x1y2z3");
  expect(found).not.toContain("hunter2");
});

test.each([
  "LANG=C.UTF-8",
  "PATH=/usr/bin",
  "PWD=/workspace",
  "MAX_TOKENS=4096",
  "TOKENIZERS_PARALLELISM=false",
  "API_KEY=",
  "USE_AUTH=true",
  "TOKEN_FILE=/run/token",
  "HTTPS_PROXY=http://egress-proxy:3128",
  "KEYBOARD=de",
  "MONKEY=banana",
  "no equals sign",
])("accepts the variable %s", (text) => {
  expect(env(text)).toEqual([]);
});

describe("other places", () => {
  const token = fakeToken.gitlab;

  test.each([
    ["command.1", { command: ["run", token] }],
    ["entrypoints.0", { entrypoints: [token] }],
    ["healthcheck.tests.1", { healthcheck: { tests: ["CMD", token] } }],
    ["uploads.0.content", { uploads: [{ file: "/f", content: `token: ${token}` }] }],
    ["labels.1.value", { labels: labels({ "garrison.role": "agent", note: token }) }],
  ])("finds a token in %s", (path, changes) => {
    expect(findings(rule, [agent(changes)])).toEqual([`${path}: what looks like a GitLab token`]);
  });

  test.each(["envs.0", "envs", "command.0", "uploads.0.content", "labels"])(
    "finds what is marked secret: %s",
    (path) => {
      expect(findings(rule, [{ ...agent({ envs: ["A=b"] }), secrets: [path] }])).toEqual([
        `${path}: a value that the program marks as secret`,
      ]);
    },
  );

  test("a secret elsewhere in the resource is none of the agent's", () => {
    expect(findings(rule, [{ ...agent(), secrets: ["networkMode"] }])).toEqual([]);
  });
});

describe("mounts", () => {
  const bound = (source: string) => agent({ mounts: [{ type: "bind", source, target: "/x", readOnly: true }] });

  test.each(["/home/op/.ssh", "/home/op/.aws/credentials", "/srv/app/secrets", "/run/secrets/api-key", "/srv/.env"])(
    "finds %s",
    (source) => {
      expect(findings(rule, [bound(source)])).toHaveLength(1);
    },
  );

  test("finds the directory that a component delivers secrets to, by the file's name too", () => {
    const files = {
      type: "garrison:files:HostFiles",
      name: "files",
      properties: { files: ["/run/g/a/conf", "/run/g/b/conf"], secretFiles: ["/run/g/a/conf"] },
    };
    expect(findings(rule, [files, bound("/run/g/a")])).toEqual([
      'mounts.0.source: "/run/g/a", where "/run/g/a/conf" lies',
    ]);
    expect(findings(rule, [files, bound("/run")])).toHaveLength(1);
    expect(findings(rule, [files, bound("/run/g/b")])).toEqual([]);
  });

  test("its own key may be waived on record; what others see too, and what is in its variables, by no label", () => {
    const files = {
      type: "garrison:files:HostFiles",
      name: "files",
      properties: { files: ["/run/g/a/conf"], secretFiles: ["/run/g/a/conf"] },
    };
    const mounts = [{ type: "bind", source: "/run/g/a", target: "/x", readOnly: true }];
    const said = { "garrison.role": "agent", "garrison.waivers": "agent.secrets" };
    const ours = (changes: object) =>
      agent({ mounts, labels: labels({ ...said, "garrison.estate": "finder" }), ...changes });
    expect(findings(rule, [files, ours({})])).toEqual([]);
    // Nobody's estate: no record is asked for.
    expect(findings(rule, [files, agent({ mounts, labels: labels(said) })])).toHaveLength(1);
    expect(findings(rule, [files, ours({ envs: ["API_KEY=x1y2z3"] })])).toEqual([
      'envs.0: "API_KEY", a secret by its name',
    ]);
    const other = program("other", [], { mounts: [{ type: "bind", source: "/run/g/a", target: "/s" }] });
    expect(findings(rule, [files, ours({}), other])).toHaveLength(1);
  });

  test("finds a parent of what another service has its secrets in", () => {
    const other = program("other", [], { mounts: [{ type: "bind", source: "/srv/app/secrets", target: "/s" }] });
    expect(findings(rule, [other, bound("/srv/app")])).toEqual([
      'mounts.0.source: "/srv/app", where "/srv/app/secrets" lies',
    ]);
    expect(findings(rule, [other, bound("/srv/application")])).toEqual([]);
  });

  test("accepts a parent of what another service keeps no secrets in", () => {
    const data = { type: "bind", source: "/srv/app/data", target: "/d" };
    const elsewhere = { type: "bind", source: "/opt/secrets", target: "/s" };
    expect(findings(rule, [program("other", [], { mounts: [data, elsewhere] }), bound("/srv/app")])).toEqual([]);
  });

  test("a volume's name is no path", () => {
    expect(findings(rule, [agent({ volumes: [{ volumeName: "secrets", containerPath: "/s" }] })])).toEqual([]);
  });
});

test("the settings name what looks like a secret and is none", () => {
  const harmless = agent({ envs: ["DEMO_TOKEN=public"] });
  expect(findings(rule, [harmless], { settings: { notSecret: ["public"] } })).toEqual([]);
  expect(findings(rule, [harmless], { settings: { notSecret: [`${harmless.name}:envs.0`] } })).toEqual([]);
  expect(findings(rule, [harmless], { settings: { notSecret: ["else"] } })).toHaveLength(1);
});

test("judges each agent once, labelled or declared, and nobody else", () => {
  const leaking = { envs: ["API_TOKEN=x1y2z3"] };
  expect(findings(rule, [program("other", [], leaking)])).toEqual([]);
  expect(findings(rule, [agent({ ...leaking, labels: [] }), declares({}, { agent: { role: "agent" } })])).toHaveLength(
    1,
  );
  expect(findings(rule, [agent(leaking), declares({}, { agent: { role: "agent" } })])).toHaveLength(1);
});

test("concludes nothing from what preview cannot know", () => {
  expect(run(rule, [agent({ envs: [UNKNOWN] })])).toEqual({
    verdicts: [],
    unknown: expect.arrayContaining(["envs.0"]) as unknown,
  });
});

test("hostile texts neither crash nor stall it", () => {
  const started = cpuMs();
  for (const text of [
    "A".repeat(1_000_000),
    `X=${"sk-".repeat(300_000)}`,
    `X=${"eyJ.".repeat(100_000)}`,
    "://".repeat(100_000),
  ])
    expect(() => env(text)).not.toThrow();
  expect(cpuMs() - started).toBeLessThan(2000);
});
