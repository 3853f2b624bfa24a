import type { Problem } from "#components/lib/problems.ts";
import { waive } from "#components/container/waiver.ts";
import type { Waiver, WaiverId } from "#components/container/waiver.ts";

/** What JavaScript would hand over: anything under any name. */
export type Given = Readonly<Record<string, unknown>>;

type Item = Readonly<Record<string, unknown>>;

/**
 * A container as somebody who has it in the official provider's words would write it in Garrison's.
 *
 * @returns options, and beside them `needs`, the waiver that says it, `added`, the capabilities of that, and `waived`, the
 * ids of the label
 */
export function inOurWords(official: Given): Given {
  return Object.assign(
    {},
    NOTHING_SAID,
    ...Object.entries(official).map(([key, value]) => said(key, value, official)),
  ) as Given;
}

/** A record for each of the label's waivers. */
export function recorded(ids: readonly string[], add: readonly string[] = []): Waiver[] {
  return ids.map((id) =>
    waive(id as WaiverId, {
      reason: "the example has to be tried with its waiver",
      owner: "security",
      expires: "2027-06-30",
      ...(id === "container.capabilities" && { add }),
    }),
  );
}

/** The waivers that problems ask for. */
export function waiversAsked(problems: readonly Problem[]): string[] {
  return [...new Set(problems.flatMap(({ expected }) => / or a waiver (\S+)$/.exec(expected)?.[1] ?? []))];
}

/** What no example says, and every container has to. */
const NOTHING_SAID: Given = { pids: 64, writable: {}, listens: [], publishAddress: undefined };

/** An input in our words; where there are none, as it is, which has to be refused by its name. */
function said(key: string, value: unknown, official: Given): Given {
  const asItIs = { [key]: value };
  switch (key) {
    case "name":
      return { containerName: value };
    case "user":
      return { user: userOf(String(value)) };
    case "readOnly":
      return value === true ? {} : { needs: "container.read-only-root" };
    case "memorySwap":
      return value === official.memory ? {} : asItIs;
    case "privileged":
      return value === false ? {} : asItIs;
    case "capabilities": {
      const { drops = [], adds = [] } = value as { drops?: string[]; adds?: string[] };
      const all = drops.some((name) => /^(cap_)?all$/i.test(name));
      return !all ? asItIs : adds.length === 0 ? {} : { needs: "container.capabilities", added: adds };
    }
    case "securityOpts":
      return securityOptions(value as string[]);
    case "cpus":
      return { cpus: Number(value) };
    case "cpuQuota":
      return { cpus: Number(value) / 100_000 };
    case "cpuPeriod":
      return {};
    case "networksAdvanced":
      return { networks: value };
    case "networkMode":
      return value === "none" && official.networksAdvanced === undefined ? { networks: [] } : asItIs;
    case "healthcheck": {
      const { tests } = value as { tests: string[] };
      return { health: tests[0] === "NONE" ? "none" : { test: tests } };
    }
    case "mustRun":
      return value === false ? { job: true, ...(official.healthcheck === undefined && { health: "image" }) } : {};
    case "mounts":
      return mounts(value as Item[]);
    case "volumes":
      return volumes(value as Item[]) ?? asItIs;
    case "tmpfs":
      return tmpfs(value as Record<string, string>) ?? asItIs;
    case "ports":
      return { publishes: value };
    case "envs":
      return { environment: Object.fromEntries((value as string[]).map((one) => one.split(/=(.*)/s).slice(0, 2))) };
    case "entrypoints":
      return { entrypoint: value };
    case "hosts":
      return { hosts: Object.fromEntries((value as Item[]).map(({ host, ip }) => [host, ip])) };
    case "dns":
      return { resolvers: value };
    case "ulimits":
      return { ulimits: Object.fromEntries((value as Item[]).map(({ name, soft, hard }) => [name, [soft, hard]])) };
    case "labels":
      return labels(value as { label: string; value: string }[]);
    case "ipcMode":
    case "cgroupnsMode":
      return value === "private" ? {} : asItIs;
    default:
      return asItIs;
  }
}

function userOf(text: string): unknown {
  const [, uid, gid = uid] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  return uid === undefined ? text : { uid: Number(uid), gid: Number(gid) };
}

function securityOptions(options: readonly string[]): Given {
  const pairs = options.map((option) => [
    option.toLowerCase().split(/[=:]/)[0] ?? "",
    option.replace(/^[^=:]*[=:]/, ""),
  ]);
  const known = ["no-new-privileges", "seccomp", "apparmor", "label"];
  const ours = pairs.every(
    ([name = "", value]) =>
      known.includes(name) && (name !== "no-new-privileges" || value === "true" || value === name),
  );
  if (!ours || !options.some((option) => option.startsWith("no-new-privileges"))) return { securityOpts: options };
  const label = pairs.filter(([name]) => name === "label").map(([, value]) => value);
  const named = pairs.filter(([name]) => name === "seccomp" || name === "apparmor") as [string, string][];
  const profiles: Given = { ...Object.fromEntries(named), ...(label.length > 0 && { label }) };
  return Object.keys(profiles).length > 0 ? { profiles } : {};
}

function mounts(given: readonly Item[]): Given {
  const read = given.filter(({ type, readOnly }) => type === "bind" && readOnly === true);
  const written = given.filter((mount) => !read.includes(mount));
  return {
    mounts: Object.fromEntries(read.map(({ target, source }) => [target, source])),
    writable: Object.fromEntries(
      written.map(({ target, source, ...rest }) => {
        if (rest.type === "volume") return [target, { ...rest, volume: source }];
        return [target, rest.type === "tmpfs" ? { ...rest, size: 64 } : { ...rest, source }];
      }),
    ),
  };
}

function volumes(given: readonly Item[]): Given | undefined {
  if (given.some(({ fromContainer }) => fromContainer !== undefined)) return undefined;
  return mounts(
    given.map(({ hostPath, volumeName, containerPath, readOnly }) =>
      hostPath === undefined
        ? { type: "volume", source: volumeName, target: containerPath }
        : { type: "bind", source: hostPath, target: containerPath, ...(readOnly === true && { readOnly }) },
    ),
  );
}

function tmpfs(given: Readonly<Record<string, string>>): Given | undefined {
  const writable = Object.entries(given).map(([path, text]) => {
    const options = text.split(",");
    const size = /size=(\d+)m/.exec(text)?.[1];
    const exec = options.lastIndexOf("exec") > options.lastIndexOf("noexec") || !options.includes("noexec");
    const safe = size !== undefined && options.includes("nosuid") && options.includes("nodev");
    return safe ? ([path, { type: "tmpfs", size: Number(size), ...(exec && { exec }) }] as const) : undefined;
  });
  return writable.includes(undefined)
    ? undefined
    : { writable: Object.fromEntries(writable.filter((one) => one !== undefined)) };
}

function labels(given: readonly { label: string; value: string }[]): Given {
  const own = Object.fromEntries(given.map(({ label, value }) => [label, value]));
  const { "garrison.waivers": waived, "garrison.role": role, ...rest } = own;
  delete rest["garrison.service"];
  return {
    labels: rest,
    ...(role === "agent" && { agent: true }),
    ...(waived !== undefined && { waived: waived.split(",") }),
  };
}
