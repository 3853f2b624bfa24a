import { onEachAgent } from "#lib/agent-rule.ts";
import { staged } from "#lib/agent-examples.ts";
import { labels } from "#lib/examples.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import type { Graph } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { isInside, mountsOf, normal } from "#lib/mounts.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Context, Finding, Rule } from "#lib/rule.ts";
import { looksSecret } from "#lib/secret-paths.ts";
import { secretsInText } from "#lib/secret-patterns.ts";
import { isSecretVariable } from "#lib/secret-variable.ts";
import type { Settings } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

const EXPECTED = "no secret where model-chosen code runs";
const READ = ["envs", "labels", "command", "entrypoints", "uploads", "healthcheck", "hostname"] as const;
const single = onEachAgent(inOneAgent);

export const rule: Rule = {
  id: "agent.secrets",
  title: "No secret lies where an agent can read it.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03", "OWASP ASI05"],
  why: "Model-chosen code reads its environment and its files first, and a key that leaks works from anywhere.",
  fix: "Let the gateway or a proxy outside of the agent's container hold the secret and use it for the agent.",
  waivable: "by-configuration",
  types: [type.container],
  check: single.check,
  checkStack: (stack, context) => [...single.checkStack(stack, context), ...deliveredFiles(stack, context.settings)],
  examples: {
    good: [
      staged("agent-secrets-g1", "Plain settings", ({ agent }) => [
        agent({ envs: ["LANG=C.UTF-8", "MAX_TOKENS=4096", "HTTPS_PROXY=http://egress-proxy:3128"] }),
      ]),
    ],
    bad: [
      staged("agent-secrets-b1", "A secret by its name", ({ agent }) => [
        agent({ envs: ["EXAMPLE_API_KEY=abcd-efgh"] }),
      ]),
      staged("agent-secrets-b2", "A token by its form", ({ agent }) => [
        agent({ command: ["run", "--with", `ghp_${"0".repeat(36)}`] }),
      ]),
      staged("agent-secrets-b3", "A session's token", ({ agent }) => [agent({ envs: ["SESSION_TOKEN=f00dcafe"] })]),
      staged("agent-secrets-b4", "A password in a label", ({ agent }) => [
        agent({ labels: labels({ "garrison.role": "agent", url: "https://user:letmein@example.org/" }) }),
      ]),
      staged("agent-secrets-b5", "A directory of keys", ({ agent }) => [
        agent({ mounts: [{ type: "bind", source: "/srv/agent/.ssh", target: "/keys", readOnly: true }] }),
      ]),
      staged("agent-secrets-b6", "The delivered secrets of another service", ({ agent, program }) => [
        agent({ mounts: [{ type: "bind", source: "/run/example", target: "/mnt", readOnly: true }] }),
        program("gateway", [], {
          mounts: [{ type: "bind", source: "/run/example/secrets", target: "/etc/example", readOnly: true }],
        }),
      ]),
    ],
  },
};

function inOneAgent(resource: Resource, { settings }: Context): Finding[] {
  return [
    ...marked(resource),
    ...variables(resource, settings),
    ...texts(resource, settings),
    ...secretMounts(resource),
  ];
}

function marked({ secrets }: Resource): Finding[] {
  return [...secrets]
    .filter((path) => READ.some((name) => path === name || path.startsWith(`${name}.`)))
    .map((property) => ({ property, found: "a value that the program marks as secret", expected: EXPECTED }));
}

function variables(resource: Resource, settings: Settings): Finding[] {
  const { properties } = resource;
  const pairs = [
    ...properties.texts("envs").map(({ path, value }) => ({ path, ...pairOf(value) })),
    ...properties.objects("labels").map((label) => ({
      path: label.path("value"),
      name: label.text("label") ?? "",
      value: label.text("value") ?? "",
    })),
  ];
  return pairs
    .filter(({ name, value }) => isSecretVariable(name, value))
    .filter(({ path, value }) => !isKnown(resource, path, value, settings))
    .map(({ path, name }) => ({ property: path, found: `${show(name)}, a secret by its name`, expected: EXPECTED }));
}

function texts(resource: Resource, settings: Settings): Finding[] {
  const { properties } = resource;
  const given = [
    ...(["envs", "command", "entrypoints"] as const).flatMap((name) => properties.texts(name)),
    ...properties.object("healthcheck").texts("tests"),
    ...properties.objects("labels").map((label) => ({ path: label.path("value"), value: label.text("value") ?? "" })),
    ...properties
      .objects("uploads")
      .map((upload) => ({ path: upload.path("content"), value: upload.text("content") ?? "" })),
  ];
  return given.flatMap(({ path, value }) => {
    const what = secretsInText(value)[0]?.kind;
    if (what === undefined || isKnown(resource, path, value, settings)) return [];
    return [{ property: path, found: `what looks like ${what}`, expected: EXPECTED }];
  });
}

function secretMounts(resource: Resource): Finding[] {
  return mountsOf(resource)
    .filter(({ kind, source }) => kind === "host" && looksSecret(source))
    .map(({ property, source }) => ({ property, found: `${show(source)}, where secrets lie`, expected: EXPECTED }));
}

/** What is another service's: its directories with secrets, and the files that a component delivers with some in them. */
function deliveredFiles(stack: Stack, settings: Settings): Finding[] {
  const graph = graphOf(stack);
  const secret = stack
    .ofType(type.hostFiles)
    .flatMap(({ properties }) => properties.texts("secretFiles").map(({ value }) => normal(value)));
  return agentsOf(stack, settings).flatMap((agent) =>
    agent.mounts
      .filter(({ kind, source }) => kind === "host" && !looksSecret(source))
      .flatMap(({ property, source }) => {
        const sharers = sharersOf(agent, source, graph);
        const reached = secret.find((file) => isInside(file, source)) ?? secretOfOthers(sharers, source);
        if (reached === undefined) return [];
        const found = `${show(source)}, where ${show(reached)} lies`;
        // An agent whose program cannot begin without a key of its own may have it, on record.
        const own = sharers.length === 0 && { waivable: "by-record" as const };
        return [{ urn: agent.resource.urn, property, found, expected: EXPECTED, ...own }];
      }),
  );
}

/** Other programs that see what lies in a directory of the host. */
function sharersOf(agent: Program, source: string, graph: Graph): readonly Program[] {
  return graph.sharers(agent, { property: "", kind: "host", source, target: "", readOnly: true, options: [] });
}

function secretOfOthers(sharers: readonly Program[], source: string): string | undefined {
  return sharers
    .flatMap(({ mounts }) => mounts)
    .find((mount) => mount.kind === "host" && isInside(mount.source, source) && looksSecret(mount.source))?.source;
}

function pairOf(text: string): { name: string; value: string } {
  const at = text.indexOf("=");
  return at < 0 ? { name: text, value: "" } : { name: text.slice(0, at), value: text.slice(at + 1) };
}

function isKnown({ name }: Resource, path: string, value: string, { notSecret }: Settings): boolean {
  return notSecret.includes(value) || notSecret.includes(pairOf(value).value) || notSecret.includes(`${name}:${path}`);
}
