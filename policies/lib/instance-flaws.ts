import { oneBlank } from "../../containment/blanks.ts";
import { dangerOf } from "../../containment/host-path.ts";
import type { Finding } from "./rule.ts";
import { words } from "./shell/options.ts";
import type { Script } from "./shell/script.ts";

type Flaw = Pick<Finding, "found" | "expected">;

const ON = "(?:true|1|yes|on)\\b";
/** Keys by which an instance gets the host's rights; on a command line, in a profile and in a preseed. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`security\\.privileged\\s*[=:\\s]\\s*${ON}`, "i"), "security.privileged"],
  [
    /raw\.(?:lxc|apparmor|seccomp|idmap|qemu(?:\.conf|\.qmp\S*|\.scriptlet)?)\s{0,9}[=:\s]\s{0,9}[^\s-]/i,
    "a raw option",
  ],
  [
    new RegExp(
      `security\\.syscalls\\.intercept\\.(?:mount|sched_setscheduler|bpf(?:\\.devices)?)\\s*[=:\\s]\\s*${ON}`,
      "i",
    ),
    "an intercepted mount or BPF call",
  ],
  [
    /security\.syscalls\.(?:deny_default|blacklist_default)\s{0,9}[=:\s]\s{0,9}(?:false|0|no|off)\b/i,
    "system calls that are no longer denied",
  ],
  [/\brestricted\s{0,9}[=:\s]\s{0,9}(?:false|0|no|off)\b/i, "a project that is no longer restricted"],
  [
    /restricted\.(?:containers|virtual-machines)\.(?:privilege|lowlevel|interception)\s{0,9}[=:\s]\s{0,9}allow\b/i,
    "a project that allows such instances",
  ],
  [
    /restricted\.devices\.(?:disk|pci|unix-block|unix-char|proxy)\s{0,9}[=:\s]\s{0,9}allow\b/i,
    "a project that allows such devices",
  ],
  [/core\.https_address\s{0,9}[=:\s]\s{0,9}(?:\[?::\]?|0\.0\.0\.0|\*)?:\d+/i, "the API on every address"],
  [/core\.trust_password\s{0,9}[=:\s]\s{0,9}[^\s$-]/i, "a password by which anybody is trusted"],
  [/lxc\.apparmor\.profile\s*=\s*unconfined/i, "an instance without AppArmor"],
];
/** A file with the settings of instances. */
const PRESEED = /^[ \t\f\v]*(?:profiles|storage_pools|devices|config)\s*:/m;
const CLIENTS = words("incus lxc lxd incusd incus-admin lxd.lxc lxc-start lxc-create lxc-execute");

/** What gives an Incus or LXD instance the rights or the files of the host. */
export function instanceFlaws({ calls, files }: Script): Flaw[] {
  const lines = calls.filter(({ name }) => CLIENTS.has(name));
  const texts = [
    ...lines.filter(({ argv }) => !argv.includes("unset")).map(({ argv }) => argv.join(" ")),
    ...lines.flatMap(({ stdin }) => (stdin.text === undefined ? [] : [stdin.text])),
    ...files.filter(({ text }) => PRESEED.test(text) && !/^services\s*:/m.test(text)).map(({ text }) => text),
  ].map((text) => oneBlank(text.replaceAll(/["'\\]/g, "")));
  return texts.flatMap((text) => [...keysIn(text), ...devicesIn(text)]);
}

function keysIn(text: string): Flaw[] {
  return KEYS.filter(([pattern]) => pattern.test(text)).map(([pattern, what]) => ({
    found: `${what} in ${JSON.stringify(around(text, pattern))}`,
    expected: "no such option",
  }));
}

function around(text: string, pattern: RegExp): string {
  return (
    text
      .split("\n")
      .find((line) => pattern.test(line))
      ?.trim()
      .slice(0, 120) ?? text.slice(0, 120)
  );
}

/** Disks, proxies and devices that lead to the host, on a command line and in YAML. */
function devicesIn(text: string): Flaw[] {
  const disks = [...text.matchAll(/\bsource\s*[=:]\s*(\/\S{0,1000})/g)].flatMap(([, source = ""]) => {
    const danger = /^\/dev\/(fuse|net\/tun|kvm|null|zero|dri)/.test(source)
      ? undefined
      : dangerOf(source, { readOnly: false });
    return danger === undefined
      ? []
      : [{ found: `a disk device from ${source}, ${danger.what}`, expected: "a directory made for the instance" }];
  });
  const proxies = [...text.matchAll(/\b(?:connect|listen)\s*[=:]\s*unix:(\/\S{0,1000})/g)].flatMap(([, path = ""]) => {
    const danger = dangerOf(path, { readOnly: false });
    return danger?.kind === "socket"
      ? [{ found: `a proxy device to ${path}, ${danger.what}`, expected: "no way to a socket of the host" }]
      : [];
  });
  const others = /\bdevice\s+add\s+\S+\s+\S+\s+(unix-block|pci|unix-hotplug|infiniband)\b/.exec(text)?.[1];
  return [
    ...disks,
    ...proxies,
    ...(others === undefined ? [] : [{ found: `a device of the kind ${others}`, expected: "no device of the host" }]),
  ];
}
