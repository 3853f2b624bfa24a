import { classic, otherWords } from "./azure-classic.ts";
import { formerNames } from "./cloudflare-types.ts";
import { Properties, Unknowns } from "./properties.ts";
import { areAllKnown, holdsUnknown, markSecrets, secretsOf, valuesBehind } from "./sdk.ts";
import { translate } from "./translation.ts";
import { plainType } from "./types.ts";

/** A resource as the rules see it. */
export interface Resource {
  readonly urn: string;
  /** As {@link plainType} writes it. */
  readonly type: string;
  /** As the program writes it. */
  readonly token: string;
  readonly name: string;
  readonly properties: Properties;
  /** What preview could not know of the properties that any rule has asked for. */
  readonly unknowns: Unknowns;
  /** Paths of the properties that are marked as secret. */
  readonly secrets: ReadonlySet<string>;
  /** Only rules over a whole stack see parents. */
  readonly parent?: Resource;
}

/** All resources of a stack, with the outputs that are known. */
export interface Stack {
  readonly resources: readonly Resource[];
  readonly byUrn: ReadonlyMap<string, Resource>;
  /** The resources of one type. */
  readonly ofType: (type: string) => readonly Resource[];
}

/** The part of the policy SDK's resources that the rules need. */
interface Given {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: unknown;
  readonly parent?: Given;
}

// Every rule is handed the same values anew; what was opened for one serves all.
const openedStacks = new WeakMap<object, { readonly given: readonly Given[]; readonly stack: Stack }>();

// Of a resource without unknown values nothing is collected, so one serves all rules.
const openedWhole = new WeakMap<object, Resource>();

/** Opens a resource; what the rules ask for and cannot know is collected in `unknowns`. */
export function openResource(given: Given): Resource {
  const values = valuesBehind(given.props);
  const known = openedWhole.get(values);
  if (known?.urn === given.urn && known.token === given.type) return known;
  const resource = openValues(given, values);
  if (areAllKnown(values)) openedWhole.set(values, resource);
  return resource;
}

function openValues(given: Given, values: object): Resource {
  const { urn, name } = given;
  const type = plainType(given.type);
  const unknowns = new Unknowns();
  const properties = propertiesOf(given.type, type, values, unknowns);
  return { urn, type, token: given.type, name, properties, unknowns, secrets: secretsOf(values) };
}

function propertiesOf(token: string, type: string, values: object, unknowns: Unknowns): Properties {
  const moves = classic.get(token)?.moves ?? formerNames.get(type) ?? otherWords.get(type);
  if (moves === undefined) return new Properties(values, unknowns);
  const translated = translate(values, moves);
  return new Properties(translated.values, unknowns, "", translated.paths, values);
}

/** The inputs of resources by URN, as far as the engine has asked about them one by one. */
type Inputs = ReadonlyMap<string, object>;

/** Opens a stack, once for all rules over the same resources. */
export function openStack(given: readonly Given[], inputs: Inputs = new Map()): Stack {
  const key = valuesBehind(given.at(-1)?.props);
  const known = openedStacks.get(key);
  if (known !== undefined && areSame(known.given, given)) return known.stack;
  const stack = stackOf(openAll(given.map((one) => ({ ...one, props: filledIn(one, inputs) }))));
  openedStacks.set(key, { given, stack });
  return stack;
}

function areSame(before: readonly Given[], now: readonly Given[]): boolean {
  const same = (a: Given | undefined, b: Given): boolean =>
    a?.urn === b.urn && valuesBehind(a.props) === valuesBehind(b.props) && a.parent?.urn === b.parent?.urn;
  return before.length === now.length && now.every((one, index) => same(before[index], one));
}

/**
 * At preview the outputs of a resource are unknown wherever the provider might fill something in, also where the program
 * gives the value, or leaves the default. What the program says is looked at instead. Where not even the provider can be
 * reached before the update, there are no outputs at all.
 */
function filledIn({ urn, props }: Given, inputs: Inputs): unknown {
  const [outputs, given] = [valuesBehind(props), inputs.get(urn)];
  if (given === undefined) return props;
  if (Object.keys(outputs).every((name) => name === "id")) return given;
  if (!holdsUnknown(outputs)) return props;
  const filled = Object.entries(outputs).flatMap(([name, value]): [string, unknown][] => {
    if (!holdsUnknown(value)) return [[name, value]];
    if (Object.hasOwn(given, name)) return [[name, (given as Record<string, unknown>)[name]]];
    return name === "id" ? [[name, value]] : [];
  });
  const values = Object.fromEntries(filled);
  markSecrets(values, [...secretsOf(outputs)]);
  return values;
}

function openAll(given: readonly Given[]): Resource[] {
  const opened = new Map<string, Resource>();
  const open = (one: Given): Resource => {
    const known = opened.get(one.urn);
    if (known !== undefined) return known;
    const resource = { ...openResource(one), ...(one.parent && { parent: open(one.parent) }) };
    opened.set(one.urn, resource);
    return resource;
  };
  return given.map(open);
}

function stackOf(resources: readonly Resource[]): Stack {
  const byType = Map.groupBy(resources, (resource) => resource.type);
  return {
    resources,
    byUrn: new Map(resources.map((resource) => [resource.urn, resource])),
    ofType: (type) => byType.get(type) ?? [],
  };
}
