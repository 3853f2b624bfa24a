import { pluginVersions } from "#helpers/pulumi/versions.ts";
import type { PluginName } from "#helpers/pulumi/versions.ts";
import { stacks } from "#stacks/machines.ts";
import type { StackDefinition } from "#components/estate/stack-definition.ts";
import type { WantedPlugin } from "../toolchain/plugins.ts";
import type { EngineState } from "./state.ts";

/** Values that a resource of the tls package makes. */
const madeByTls: readonly string[] = ["key-pair", "authority", "certificate"];

/**
 * The plugins that a stack uses, and those of other versions that its state was written with: what they made has to be
 * changed and deleted by them. A stack that is not the estate's own gets every plugin.
 */
export function pluginsOfStack(stack: string, state: EngineState): readonly WantedPlugin[] {
  const definition = Object.entries(stacks).find(([name]) => name === stack)?.[1];
  const names = definition === undefined ? (Object.keys(pluginVersions) as PluginName[]) : namesOf(definition);
  const wanted = names.map((name): WantedPlugin => ({ name, version: pluginVersions[name] }));
  const former = stateProviders(state).filter(
    ({ name, version }) => !wanted.some((plugin) => plugin.name === name && plugin.version === version),
  );
  return [...wanted, ...former];
}

function namesOf({ machine, place }: StackDefinition): PluginName[] {
  const tls = place !== undefined || machine.secrets.some(({ source }) => madeByTls.includes(source.type));
  return [
    "command",
    ...(machine.services.length > 0 ? (["docker"] as const) : []),
    ...(machine.secrets.length > 0 ? (["random"] as const) : []),
    ...(tls ? (["tls"] as const) : []),
    ...(place === undefined ? [] : (["azure-native"] as const)),
  ];
}

function stateProviders({ resources }: EngineState): WantedPlugin[] {
  return resources.flatMap(({ type, inputs }) => {
    const name = type.startsWith("pulumi:providers:") ? type.slice("pulumi:providers:".length) : undefined;
    const version = inputs?.version;
    return name === undefined || name === "pulumi" || typeof version !== "string" ? [] : [{ name, version }];
  });
}
