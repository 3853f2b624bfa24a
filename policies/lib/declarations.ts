import type { Properties } from "./properties.ts";
import type { Resource, Stack } from "./resource.ts";

/** Output under which any component declares what resources do not show; `declarations-schema.ts` has its shape. */
export const DECLARATIONS = "garrisonDeclarations";

/** Something declared, and the component that declares it. */
export interface Declared {
  readonly component: Resource;
  readonly properties: Properties;
}

/** Everything that the components of a program declare. */
export interface Declarations {
  /** The whole of it, component by component. */
  readonly all: readonly Declared[];
  /** Whether a component asks for declared agents. */
  readonly required: boolean;
  /** What is declared of a container, by its name on the host. */
  readonly programs: ReadonlyMap<string, readonly Declared[]>;
  /** The elements of a declared list, of all components. */
  readonly listed: (name: string) => readonly Declared[];
  /** The strings of a declared list, of all components. */
  readonly texts: (name: string) => readonly string[];
}

const known = new WeakMap<Stack, Declarations>();

/** Collects what the components of a stack declare, once for all rules. */
export function declarationsOf(stack: Stack): Declarations {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const found = collect(stack);
  known.set(stack, found);
  return found;
}

function collect({ resources }: Stack): Declarations {
  const all = resources.flatMap((component): Declared[] => {
    const value = component.properties.get(DECLARATIONS);
    if (typeof value !== "object" || Array.isArray(value)) return [];
    return [{ component, properties: component.properties.object(DECLARATIONS) }];
  });
  const programs = all.flatMap(({ component, properties }) => {
    const inside = properties.object("programs");
    return inside.names().map((name): [string, Declared] => [name, { component, properties: inside.object(name) }]);
  });
  const grouped = Map.groupBy(programs, ([name]) => name);
  return {
    all,
    required: all.some(({ properties }) => properties.flag("requireDeclaration") === true),
    programs: new Map([...grouped].map(([name, entries]) => [name, entries.map(([, declared]) => declared)])),
    listed: (name) =>
      all.flatMap(({ component, properties }) =>
        properties.objects(name).map((own): Declared => ({ component, properties: own })),
      ),
    texts: (name) => all.flatMap(({ properties }) => properties.texts(name).map(({ value }) => value)),
  };
}
