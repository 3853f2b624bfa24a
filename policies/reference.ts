import { stringify } from "yaml";

import { factsOf } from "./explain.ts";
import { cleanContainer } from "./lib/examples.ts";
import type { Example, ExampleResource, Rule } from "./lib/rule.ts";
import { SETTINGS_ID, settingsSchema } from "./lib/settings.ts";
import { hideSecrets } from "./lib/secret-patterns.ts";
import { type } from "./lib/types.ts";
import { rules } from "./rules/catalogue.ts";

const EXAMPLE = {
  [SETTINGS_ID]: {
    agents: ["assistant"],
    registries: ["ghcr.io/example"],
    memoryCeiling: 8192,
    adminAddresses: ["192.0.2.0/28"],
    waivers: [
      {
        rule: "container.read-only-root",
        resource: "urn:pulumi:prod::shop::docker:index/container:Container::legacy",
        reason: "writes its configuration under /opt at every start",
        owner: "platform",
        expires: "2027-06-30",
      },
    ],
  },
  "container.process-limit-advice": "disabled",
};

const INTRODUCTION = `# Policies

Generated from the rules in \`policies/rules/\`; change them there.

The pack judges any Pulumi program: what it declares of Docker, of Azure and Cloudflare, what its commands do and where
its secrets are.

\`\`\`
pulumi preview --policy-pack policies
pulumi preview --policy-pack policies --policy-pack-config policies/config/baseline.json
pulumi policy analyze --stack <stack> --policy-pack policies
\`\`\`

A finding of a mandatory rule stops \`preview\` and \`up\`; an advisory one is only shown. The pack sees what a program
declares: a link on the host's disk, a user inside an image or a setting changed by hand is for the checks on the running
machine.

**Findings.** Each is one line: the resource, its property, what is there and what is expected. What a line has no room for
is told by \`node policies/explain.cjs <rule>\` and on the page of the rule's domain; [how to read findings](../how-to/read-findings.md).

**Unknown values.** A rule passes what preview cannot know yet. One advisory line for the whole stack, \`pack.unjudged\`,
names those properties. During the update every rule over a single resource is asked again before the resource is made, and
every rule over the whole stack at the end.

**What is judged.** Resources of \`azure-native\`, \`azure\`, \`cloudflare\` and Docker, whichever release of a provider wrote them.
One advisory line for the whole stack, \`pack.not-judged\`, names the types of these providers that no rule knows.

**Waivers.** The label \`garrison.waivers=<id>,<id>\` on a resource waives those rules for it, where the rule says "by
label". The pack configuration (\`--policy-pack-config\`) can allow the label for more rules with
\`{"<id>": {"waivableByLabel": true}}\`, forbid it with \`false\`, and record waivers of its own, by URN, for resources
without labels. What gives the host away (its files, a control socket, its namespaces) a label alone waives nowhere.
Nothing waives a control socket, or \`privileged\`, in a container that runs code a model chose. In a program with a
Garrison estate each waiver also has a reason, an owner and an expiry date on its HardenedContainer, wherever its
container is. One advisory line, \`pack.waived\`, shows what is waived.

**Configuration.** \`policies/config/baseline.json\` lets critical and high findings stop and makes advice of the rest;
\`policies/config/strict.json\` lets everything stop, overdue dates included, and asks for declared agents and backups.
Start from one of them. Any rule can be set to \`advisory\`, \`mandatory\` or \`disabled\`, and these settings of the whole
pack go under \`${SETTINGS_ID}\`:

${settingsTable()}

\`\`\`json
${JSON.stringify(EXAMPLE, undefined, 2)}
\`\`\`

**The rules.** Each is on the page of its domain, with what it refuses and what it accepts.
`;

const EXAMPLES = `In the examples, what is not shown is as in this clean container:

\`\`\`yaml
${stringify(cleanContainer).trimEnd()}
\`\`\`
`;

const INDEX = "docs/reference/policies.md";

/** The reference of the pack: \`docs/reference/policies.md\`, and a page beside it for each domain of rules. */
export const referencePages: Readonly<Record<string, () => string>> = {
  [INDEX]: () => [INTRODUCTION, table(rules)].join("\n"),
  ...Object.fromEntries(
    [...Map.groupBy(rules, ({ id }) => domainOf(id))].map(([domain, all]) => [
      `docs/reference/policies/${domain}.md`,
      () => domainPage(domain, all),
    ]),
  ),
};

/** Where a rule is described, from \`docs/reference\`: \`policies/container.md#containeruser\`. */
export function linkToRule(id: string): string {
  return `policies/${domainOf(id)}.md#${id.replaceAll(".", "")}`;
}

function domainPage(domain: string, all: readonly Rule[]): string {
  const introduction = `# Policies: ${domain}

Generated from the rules in \`policies/rules/${domain}/\`; change them there. What is common to all rules is in
[the reference](../policies.md).
`;
  return [introduction, EXAMPLES, ...all.map(section)].join("\n");
}

function domainOf(id: string): string {
  return id.slice(0, id.indexOf("."));
}

function settingsTable(): string {
  const rows = Object.entries(settingsSchema.properties).map(
    ([name, { type: shape, description }]) => `| \`${name}\` | ${shape} | ${description} |`,
  );
  return ["| setting | | |", "|---|---|---|", ...rows].join("\n");
}

function table(all: readonly Rule[]): string {
  const rows = all.map(
    (rule) => `| [${rule.id}](${linkToRule(rule.id)}) | ${rule.title} | ${rule.severity} | ${rule.level} |`,
  );
  return ["| rule | | severity | level |", "|---|---|---|---|", ...rows, ""].join("\n");
}

function section(rule: Rule): string {
  const [why, ...facts] = factsOf(rule);
  return [
    `## ${rule.id}\n`,
    `**${rule.title}** ${why ?? ""}\n`,
    ...facts.map((fact) => `- ${fact}`),
    `\n${rule.level === "mandatory" ? "Refused" : "Mentioned"}:\n`,
    ...rule.examples.bad.map(example),
    "Accepted:\n",
    ...rule.examples.good.map(example),
  ].join("\n");
}

function example({ title, resources, settings }: Example): string {
  // The type is a comment, so that the block stays YAML.
  const lines = resources.map((resource) => indent(`# ${resource.type}\n${body(resource)}`));
  const given = settings === undefined ? "" : `${indent(`# ${SETTINGS_ID}: ${JSON.stringify(settings)}`)}\n`;
  return `- ${title}\n\n  \`\`\`yaml\n${given}${lines.join("\n  ---\n")}\n  \`\`\`\n`;
}

function body(resource: ExampleResource): string {
  const properties = shown(resource);
  const changed = Object.keys(properties).length > 0;
  const parent = resource.parent === undefined ? "" : `# child of ${resource.parent}\n`;
  // Made up as they are, a scanner would take them for real ones.
  return parent + (changed ? hideSecrets(stringify(properties)).trimEnd() : "# as the clean container");
}

/** Only what differs from the clean container, with null for what was left out. */
function shown({ type: token, properties }: ExampleResource): Record<string, unknown> {
  if (token !== type.container) return { ...properties };
  const changed = Object.entries(properties).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(cleanContainer[name]),
  );
  const removed = Object.keys(cleanContainer).filter((name) => !(name in properties));
  return { ...Object.fromEntries(changed), ...Object.fromEntries(removed.map((name) => [name, null])) };
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
