import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

export type Policy = ResourceValidationPolicy | StackValidationPolicy;
type BothKinds = ResourceValidationPolicy & StackValidationPolicy;

/** What the engine's message is about. */
type Kind = "validateResource" | "validateStack";
type Args = ResourceValidationArgs | StackValidationArgs;
type Callback = (args: Args, report: ReportViolation) => void;
type Configs = Map<string, object>;

type Report = Parameters<ReportViolation>;

/** A message of the engine, once the first policy has been asked about it; made once, because there are many policies. */
interface Asked {
  readonly kind: Kind;
  readonly args: Args;
  readonly record: ReportViolation;
  /** Of the policy that is being run. */
  config: object;
  reports: Report[];
}

/**
 * Makes the SDK pay for those policies only that have something to say. It goes through the list for each message of the
 * engine and makes arguments anew for each policy, for a stack those of all its resources; with 130 policies that takes
 * longer than the judging (see docs/decisions/0079). So once the SDK has asked the first policy, the list runs each other
 * one itself with the arguments of the first, and hands out those that reported, which repeat it. Whoever goes through the
 * list without asking is given all of it.
 *
 * A policy's configuration comes with its arguments alone, and whether it is switched off is known to the SDK alone: a
 * policy that the SDK has not asked yet is left to it.
 * @param first asked before all others, about resources and about stacks
 */
export function inOnePass(first: BothKinds, others: readonly Policy[]): Policy[] {
  const configs: Configs = new Map();
  const policies: Policy[] = [first, ...others];
  policies[Symbol.iterator] = () => oneMessage(first, others, configs);
  return policies;
}

function* oneMessage(first: BothKinds, others: readonly Policy[], configs: Configs): ArrayIterator<Policy> {
  let asked: Asked | undefined;
  const asking =
    (kind: Kind): Callback =>
    (args, report) => {
      asked = askedAbout(kind, args);
      return callbackOf(first, kind)?.(args, report);
    };
  yield { ...first, validateResource: asking("validateResource"), validateStack: asking("validateStack") };
  for (const policy of others) {
    const remainder = asked === undefined ? policy : remainderOf(policy, asked, configs);
    if (remainder !== undefined) yield remainder;
  }
}

function askedAbout(kind: Kind, args: Args): Asked {
  const asked: Asked = {
    kind,
    args: { ...args, getConfig: (() => asked.config) as Args["getConfig"] },
    record: (...report) => asked.reports.push(report),
    config: {},
    reports: [],
  };
  return asked;
}

/** What the SDK still has to ask: the policy itself where it was never asked, or what it reported, if anything. */
function remainderOf(policy: Policy, asked: Asked, configs: Configs): Policy | undefined {
  const { kind } = asked;
  const callback = callbackOf(policy, kind);
  const config = configs.get(policy.name);
  if (config === undefined) return { ...policy, [kind]: noting(policy.name, callback, configs) };
  if (callback === undefined) return undefined;
  asked.config = config;
  try {
    callback(asked.args, asked.record);
  } catch {
    asked.reports = [];
    // The SDK asks again, and says which policy failed.
    return policy;
  }
  return asked.reports.length === 0 ? undefined : { ...policy, [kind]: repeating(asked.reports.splice(0)) };
}

function noting(name: string, callback: Callback | undefined, configs: Configs): Callback {
  return (args, report) => {
    configs.set(name, args.getConfig());
    return callback?.(args, report);
  };
}

function repeating(reports: readonly Report[]): Callback {
  return (_, report) => {
    for (const one of reports) report(...one);
  };
}

function callbackOf(policy: Policy, kind: Kind): Callback | undefined {
  return (policy as Partial<Record<Kind, Callback>>)[kind];
}
