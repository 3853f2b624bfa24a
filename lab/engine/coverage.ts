/** The reference page of the lab's plugins, made from the plugins themselves so that it cannot go stale. */
import { typeLabel, type ProviderDefinition } from "./provider/definition.ts";

/** What the page needs of a plugin, whatever its settings are. */
export type Described = Pick<
  ProviderDefinition<never>,
  "name" | "version" | "schema" | "resources" | "invokes" | "unsupportedConfig" | "notes"
>;

export function pluginsPage(plugins: readonly Described[]): string {
  const sections = plugins.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(section);
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

const introduction = `# The lab's provider plugins

Where Pulumi's own plugins cannot be downloaded, the lab brings plugins of its own. The real engine and the unmodified SDK packages use them. They check inputs against the official schemas, and every property is either implemented or refused with an error: none is dropped silently.

Their states carry a mark (\`__garrisonLab\`). They refuse a state without it, because the official plugin wrote it.

This page is made from the plugins (\`npm run docs\`).`;

function section(plugin: Described): string {
  const rows = Object.keys(plugin.resources).map((token) => row(plugin, token));
  const others = Object.keys(plugin.schema.resources).filter((token) => !(token in plugin.resources));
  const functions = Object.keys(plugin.invokes ?? {}).map((token) => code(typeLabel(token)));
  const settings = Object.entries(plugin.unsupportedConfig ?? {});
  const lines = [
    `Not covered: ${list(others.map((token) => code(typeLabel(token))))}.`,
    `Functions: ${list(functions)}; every other one is refused.`,
    ...(settings.length > 0 ? [`Refused in the provider's configuration: ${refusals(settings)}.`] : []),
  ];
  return [
    `## ${plugin.name}`,
    `Stands in for version ${plugin.version}; schema extract ${plugin.schema.version}.`,
    ["| Resource | Inputs | Refused |", "| --- | --- | --- |", ...rows].join("\n"),
    lines.join("\n\n"),
    ...(plugin.notes ? [plugin.notes.map((note) => `- ${note}`).join("\n")] : []),
  ].join("\n\n");
}

function row(plugin: Described, token: string): string {
  const refused = plugin.resources[token]?.unsupported ?? {};
  const inputs = Object.keys(plugin.schema.resources[token]?.inputs ?? {}).filter((name) => !(name in refused));
  return `| ${code(typeLabel(token))} | ${list(inputs.sort().map(code))} | ${refusals(Object.entries(refused))} |`;
}

/** Names that are refused for one reason are told together. */
function refusals(entries: readonly [string, string][]): string {
  const reasons = [...new Set(entries.map(([, reason]) => reason))];
  return list(
    reasons.map((reason) => {
      const names = entries.flatMap(([name, why]) => (why === reason ? [code(name)] : []));
      return `${names.join(", ")} (${reason})`;
    }),
  );
}

function list(items: readonly string[]): string {
  return items.length > 0 ? items.join(", ") : "none";
}

function code(text: string): string {
  return `\`${text}\``;
}
