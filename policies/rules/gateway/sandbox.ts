import { staged } from "#lib/agent-examples.ts";
import { agentSettings, flaw, onEachConfiguration } from "#lib/gateway-rule.ts";
import type { Flaw } from "#lib/gateway-rule.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { dangerOf, isPath } from "../../../containment/host-path.ts";

const docker = { network: "none", capDrop: ["ALL"], readOnlyRoot: true, user: "20002:20002" };

export const rule: Rule = {
  id: "gateway.sandbox",
  title: "A gateway runs every tool of a model in a sandbox: no network, no capability, a read-only root.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI02", "OWASP ASI05", "CIS Docker 1.6.0, 5.4", "CIS Docker 1.6.0, 5.13"],
  why: "What the gateway gives to the containers that it makes itself no other rule sees.",
  fix: "Write all of it down in `agents.defaults.sandbox`: a default is another release's to change.",
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack) =>
    onEachConfiguration(stack, (configuration) => [
      ...defaults(configuration.object("agents").object("defaults").object("sandbox")),
      ...agentSettings(configuration).flatMap((agent) => departures(agent.object("sandbox"))),
    ]),
  examples: {
    good: [
      configured("gateway-sandbox-g1", "All tools, contained", {}),
      configured("gateway-sandbox-g2", "A directory of the sandbox's own", {}, { binds: ["/srv/agent/data:/data:ro"] }),
    ],
    bad: [
      configured("gateway-sandbox-b1", "Only some sessions", { mode: "non-main" }),
      configured("gateway-sandbox-b2", "No sandbox", { mode: undefined }),
      configured("gateway-sandbox-b3", "A network", {}, { network: "bridge" }),
      configured("gateway-sandbox-b4", "Capabilities kept", {}, { capDrop: ["NET_RAW"] }),
      configured("gateway-sandbox-b5", "A root to write to", {}, { readOnlyRoot: false }),
      configured(
        "gateway-sandbox-b6",
        "The Docker socket",
        {},
        { binds: ["/var/run/docker.sock:/var/run/docker.sock"] },
      ),
      configured("gateway-sandbox-b7", "A safety catch taken off", {}, { dangerouslyAllowExternalBindSources: true }),
      configured("gateway-sandbox-b8", "Root", {}, { user: "root" }),
      configured("gateway-sandbox-b9", "The gateway's own files, to write to", { workspaceAccess: "rw" }),
      staged("gateway-sandbox-b10", "One agent without", ({ program, declares }) => [
        program("gateway", []),
        declares(
          {},
          {
            gateway: {
              configuration: {
                agents: {
                  defaults: { sandbox: { mode: "all", docker } },
                  list: [{ id: "main", sandbox: { mode: "off" } }],
                },
              },
            },
          },
        ),
      ]),
    ],
  },
};

interface Requirement {
  readonly name: string;
  readonly expected: string;
  readonly fits: (inside: Properties) => boolean;
}

const SANDBOX: readonly Requirement[] = [
  { name: "mode", expected: '"all"', fits: (own) => wordOf(own, "mode") === "all" },
];
const DOCKER: readonly Requirement[] = [
  { name: "network", expected: '"none"', fits: (own) => wordOf(own, "network") === "none" },
  {
    name: "capDrop",
    expected: '["ALL"]',
    fits: (own) => own.texts("capDrop").some(({ value }) => /^(CAP_)?ALL$/i.test(value.trim())),
  },
  { name: "readOnlyRoot", expected: "true", fits: (own) => own.flag("readOnlyRoot") === true },
];

function defaults(sandbox: Properties): Flaw[] {
  const inDocker = sandbox.object("docker");
  return [
    ...SANDBOX.filter(({ fits }) => !fits(sandbox)).map(({ name, expected }) => flaw(sandbox, name, expected)),
    ...DOCKER.filter(({ fits }) => !fits(inDocker)).map(({ name, expected }) => flaw(inDocker, name, expected)),
    ...added(sandbox),
  ];
}

/** What a single agent says goes before the defaults; what it does not say, they say. */
function departures(sandbox: Properties): Flaw[] {
  const inDocker = sandbox.object("docker");
  const said = (own: Properties) => (requirement: Requirement) =>
    own.get(requirement.name) !== undefined && !requirement.fits(own);
  return [
    ...SANDBOX.filter(said(sandbox)).map(({ name, expected }) => flaw(sandbox, name, expected)),
    ...DOCKER.filter(said(inDocker)).map(({ name, expected }) => flaw(inDocker, name, expected)),
    ...added(sandbox),
  ];
}

const CATCHES = [
  "dangerouslyAllowReservedContainerTargets",
  "dangerouslyAllowExternalBindSources",
  "dangerouslyAllowContainerNamespaceJoin",
];

/** What no sandbox may have, wherever it is said. */
function added(sandbox: Properties): Flaw[] {
  const inDocker = sandbox.object("docker");
  const browser = sandbox.object("browser");
  return [
    ...[inDocker, browser].flatMap((own) => own.texts("binds").flatMap(({ path, value }) => bind(path, value))),
    ...CATCHES.filter((name) => inDocker.flag(name) === true).map((name) => flaw(inDocker, name, "false")),
    ...(browser.flag("allowHostControl") === true ? [flaw(browser, "allowHostControl", "false")] : []),
    ...(/^(0+|root)(:|$)/.test(wordOf(inDocker, "user") ?? "")
      ? [flaw(inDocker, "user", "a user that is not root")]
      : []),
    ...(wordOf(sandbox, "workspaceAccess") === "rw" ? [flaw(sandbox, "workspaceAccess", '"none" or "ro"')] : []),
    ...["seccompProfile", "apparmorProfile"]
      .filter((name) => wordOf(inDocker, name) === "unconfined")
      .map((name) => flaw(inDocker, name, "a profile")),
  ];
}

function bind(path: string, value: string): Flaw[] {
  const [source = "", , options = ""] = value.split(":");
  const readOnly = options.split(",").includes("ro");
  const danger = isPath(source) ? dangerOf(source, { readOnly }) : undefined;
  if (danger === undefined) return [];
  return [{ property: path, found: `${show(source)}: ${danger.what}`, expected: "a directory of the sandbox's own" }];
}

function wordOf(inside: Properties, name: string): string | undefined {
  return inside.text(name)?.trim().toLowerCase();
}

function configured(
  id: string,
  title: string,
  sandbox: Readonly<Record<string, unknown>>,
  inDocker: Readonly<Record<string, unknown>> = {},
): Example {
  const settings = { mode: "all", docker: { ...docker, ...inDocker }, ...sandbox };
  return staged(id, title, ({ program, declares }) => [
    program("gateway", []),
    declares({}, { gateway: { configuration: { agents: { defaults: { sandbox: settings } } } } }),
  ]);
}
