import { containerOfCommand } from "./command-container.ts";
import { readOptions, words } from "./shell/options.ts";
import type { Call } from "./shell/script.ts";
import type { Started } from "./started-containers.ts";
import { type } from "./types.ts";

/** Containers of programs whose command lines are not like Docker's. */
export function byOtherRuntime(call: Call): Started[] {
  return call.name === "ctr" ? ofContainerd(call) : call.name === "systemd-nspawn" ? ofNspawn(call) : [];
}

const CTR = words(
  "runtime snapshotter n namespace a address mount env env-file label annotation cwd user hostname cap-add cap-drop device device-cgroup-rule memory-limit cpus seccomp-profile apparmor-profile with-ns pid-file log-uri rootfs-propagation",
);

/** containerd's own client has options of its own. */
function ofContainerd(call: Call): Started[] {
  const from = call.argv.findIndex((word, index) => index > 0 && /^(run|create|c)$/.test(word));
  if (from < 0) return [];
  const { options } = readOptions(call.argv, { valued: CTR }, from + 1);
  const mounts = (options.get("mount") ?? []).map((text) => text.replace(/options=\S*/, ""));
  const given = new Map([
    ...options,
    ["mount", mounts] as const,
    ...(options.has("net-host") ? [["network", ["host"]] as const] : []),
  ]);
  return [{ what: "ctr run", made: { type: type.container, values: containerOfCommand({ options: given, call }) } }];
}

const NSPAWN = words(
  "D directory template root-hash i image oci-bundle pivot-root a U user M machine hostname uuid S slice property register private-users network-zone " +
    "network-bridge network-interface network-macvlan network-ipvlan network-namespace-path p port Z L capability drop-capability ambient-capability " +
    "system-call-filter rlimit oom-score-adjust cpu-affinity personality bind bind-ro inaccessible tmpfs overlay overlay-ro bind-user E setenv u chdir",
);

/** systemd's containers. */
function ofNspawn(call: Call): Started[] {
  const { options } = readOptions(call.argv, { valued: NSPAWN }, 1);
  const values = (name: string) => options.get(name) ?? [];
  const target = (text: string) => (text.includes(":") ? text : `${text}:${text}`);
  const given = new Map<string, readonly string[]>([
    ["cap-add", values("capability").flatMap((text) => text.split(","))],
    [
      "volume",
      [
        ...[...values("D"), ...values("directory")].filter((path) => path === "/").map(() => "/:/host"),
        ...values("bind").map(target),
        ...values("bind-ro").map((text) => `${target(text)}:ro`),
      ],
    ],
  ]);
  return [{ what: call.name, made: { type: type.container, values: containerOfCommand({ options: given, call }) } }];
}
