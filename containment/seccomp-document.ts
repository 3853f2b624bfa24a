/**
 * A seccomp profile as Docker reads it: by Go's encoding/json, which takes a key in any case, lets the last of two win
 * and passes over what it does not know. Read in moby, daemon/seccomp_linux.go and profiles/seccomp, 20.10 and 28.
 */
interface SeccompProfile {
  readonly defaultAction: string;
  readonly rules: readonly SeccompRule[];
}

export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args: readonly SeccompArgument[];
  /** Capabilities without which it does not apply, as `CAP_SYS_ADMIN`. */
  readonly capabilities: readonly string[];
}

export interface SeccompArgument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo: number;
  readonly op: string;
}

type Json = Readonly<Record<string, unknown>>;

const KEYS = {
  profile: [
    "defaultAction",
    "defaultErrnoRet",
    "architectures",
    "archMap",
    "flags",
    "listenerPath",
    "listenerMetadata",
    "syscalls",
  ],
  rule: ["names", "name", "action", "errnoRet", "args", "comment", "includes", "excludes"],
  argument: ["index", "value", "valueTwo", "op"],
  architecture: ["architecture", "subArchitectures"],
  filter: ["arches", "caps", "minKernel"],
} as const;

const ACTION = /^SCMP_ACT_(KILL|KILL_PROCESS|KILL_THREAD|TRAP|ERRNO|TRACE|ALLOW|LOG|NOTIFY)$/;
/** The others take mitigations of the processor away, or let a process wait for a listener. */
const FLAG = /^SECCOMP_FILTER_FLAG_(TSYNC|LOG)$/;
const OPERATOR = /^SCMP_CMP_(NE|LT|LE|EQ|GE|GT|MASKED_EQ)$/;

/** The profile, or what is wrong with its text: anything that is not said in one way only is. */
export function readSeccomp(text: string): SeccompProfile | string {
  const problems: string[] = [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "a profile that is no JSON";
  }
  // What two keys say is gone after parsing: the text is asked.
  problems.push(...twinKeys(text).map((key) => `the key ${key} twice`));
  const profile = object(value, KEYS.profile, "", problems);
  const rules = items(profile.syscalls).map((item, index) => readRule(item, `syscalls.${String(index)}`, problems));
  for (const [index, item] of items(profile.archMap).entries())
    object(item, KEYS.architecture, `archMap.${String(index)}`, problems);
  const defaultAction = action(profile.defaultAction, "defaultAction", problems);
  for (const flag of items(profile.flags)) if (!FLAG.test(String(flag))) problems.push(`flags ${JSON.stringify(flag)}`);
  if (problems.length > 0) return `a profile that says ${problems.join(", ")}`;
  return { defaultAction, rules };
}

function readRule(item: unknown, at: string, problems: string[]): SeccompRule {
  const rule = object(item, KEYS.rule, at, problems);
  const includes = object(rule.includes ?? {}, KEYS.filter, `${at}.includes`, problems);
  object(rule.excludes ?? {}, KEYS.filter, `${at}.excludes`, problems);
  const args = items(rule.args).map((one, index) => readArgument(one, `${at}.args.${String(index)}`, problems));
  return {
    names: [...items(rule.names), rule.name].filter((name) => typeof name === "string"),
    action: action(rule.action, `${at}.action`, problems),
    args,
    capabilities: items(includes.caps).map(String),
  };
}

function readArgument(item: unknown, at: string, problems: string[]): SeccompArgument {
  const { index = 0, value = 0, valueTwo = 0, op } = object(item, KEYS.argument, at, problems);
  if (typeof op !== "string" || !OPERATOR.test(op)) problems.push(`${at}.op ${JSON.stringify(op)}`);
  for (const [name, number] of Object.entries({ index, value, valueTwo })) {
    // Go reads 64 bits, and JavaScript rounds what is above 2^53.
    if (!Number.isSafeInteger(number) || Number(number) < 0) problems.push(`${at}.${name} ${JSON.stringify(number)}`);
  }
  return { index: Number(index), value: Number(value), valueTwo: Number(valueTwo), op: String(op) };
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** The runtime knows actions in one spelling only. */
function action(value: unknown, at: string, problems: string[]): string {
  if (typeof value === "string" && ACTION.test(value)) return value;
  problems.push(`${at} ${shown(value)}`);
  return "";
}

/** An object with the keys that Docker knows, exactly as they are written; another spelling is a problem of its own. */
function object(value: unknown, known: readonly string[], at: string, problems: string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`${at === "" ? "the profile" : at} ${shown(value)}`);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const meant = known.find((one) => fold(one) === fold(key));
    const where = at === "" ? key : `${at}.${key}`;
    problems.push(meant === undefined ? `${where}, which nobody reads` : `${where}, which is read as ${meant}`);
  }
  return value as Json;
}

/** As Go compares keys: by letter case, and two letters beyond ASCII that fold to k and s. */
function fold(key: string): string {
  return key.toLowerCase().replaceAll("\u212A", "k").replaceAll("\u017F", "s");
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Keys that an object of the text has more than once. */
function twinKeys(text: string): string[] {
  const twins = new Set<string>();
  const open: (Set<string> | undefined)[] = [];
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;
  for (const [word, quoted, colon] of text.matchAll(token)) {
    if (word === "{") open.push(new Set());
    else if (word === "[") open.push(undefined);
    else if (word === "}" || word === "]") open.pop();
    else if (quoted !== undefined && colon !== undefined) {
      const key = JSON.parse(quoted) as string;
      const keys = open.at(-1);
      if (keys?.has(fold(key)) === true) twins.add(key);
      keys?.add(fold(key));
    }
  }
  return [...twins].sort();
}
