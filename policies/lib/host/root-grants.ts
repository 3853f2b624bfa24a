import { posix } from "node:path";

import { dangerOf, lexical } from "../../../containment/host-path.ts";
import { putInBy } from "../shell/edits.ts";
import { readAnywhere, readOptions, words } from "../shell/options.ts";
import type { Call, WrittenFile } from "../shell/script.ts";
import { sentAwayBy } from "./sent-away.ts";

/** Groups whose members are as good as root. */
const GROUPS = /^(docker|lxd|incus|incus-admin|root|disk|shadow|libvirt|libvirtd|kmem|podman|containerd)$/;
const CAPABILITIES =
  /cap_(sys_admin|sys_ptrace|sys_module|setuid|setgid|dac_override|dac_read_search|chown|fowner|sys_rawio|bpf|setpcap|setfcap|mac_admin|net_admin)|^(all|=)?[+=]?e?i?p?$|^all/i;
const SOCKET_PROGRAMS = /^(socat|ncat|nc|systemd-socket-proxyd|ssh|autossh)$/;
const SOCKET = /(docker|containerd|podman|crio|incus|lxd|buildkitd|unix)\.(sock|socket)\b/;
const SUDO_ALL =
  /NOPASSWD\s*:\s*(?:[A-Z]+\s*:\s*)*(?:ALL\b|\/(?:usr\/)?bin\/(?:ba|da|z)?sh\b|\/(?:usr\/)?bin\/(?:su|docker|podman|env|python3?|perl|vim?|nano|tee|cp|find)\b)|!authenticate/i;

/** How a command makes somebody root on the host. */
export function rootBy(call: Call, where: "host" | "container"): string[] {
  const entered = entersHost(call, where);
  if (where === "container") return entered;
  return [
    ...entered,
    ...joinsGroup(call),
    ...setsRights(call),
    ...offersSocket(call),
    ...reachesOut(call),
    ...edits(call),
    ...sentAwayBy(call),
    ...handsOver(call),
  ];
}

/** A cluster to somebody, or a disk to whoever writes past its files. */
function handsOver({ name, argv }: Call): string[] {
  const line = argv.slice(1).join(" ");
  if (/^(?:kubectl|oc|k3s)$/.test(name))
    return /\bcreate\b.*\b(?:cluster)?rolebinding\b.*--clusterrole[= ]cluster-admin\b/.test(line)
      ? ["a cluster's administrator"]
      : [];
  return name === "debugfs" && argv.some((word) => /^-\w*w/.test(word)) && line.includes("/dev/")
    ? [`files of ${argv.find((word) => word.startsWith("/dev/")) ?? "a disk"} written past their owners`]
    : [];
}

/** How a file that is written does. */
export function rootIn({ path, text }: WrittenFile, where: "host" | "container"): string[] {
  if (where === "container") return [];
  if (/\/etc\/sudoers(\.d\/|$)/.test(path) && lines(text).some((line) => SUDO_ALL.test(line)))
    return [`sudo without a password, in ${path}`];
  if (path.endsWith("/etc/doas.conf") && /^[ \t\f\v]*permit[^\S\n]+(\S+[^\S\n]+)*nopass\b(?!.*\bcmd\b)/m.test(text))
    return [`doas without a password, in ${path}`];
  if (path.includes("/etc/polkit-1/") && /polkit\.Result\.YES|ResultAny=yes/.test(text))
    return [`every right without a password, in ${path}`];
  if (
    path.endsWith("docker/daemon.json") &&
    /"hosts"[^\]]*"tcp:\/\//.test(text) &&
    !/"tlsverify"\s*:\s*true/.test(text)
  )
    return [`a daemon on the network without TLS, in ${path}`];
  if (/^(?:\/root|~root)\/\.ssh\/authorized_keys2?$/.test(path) && /\b(?:ssh|ecdsa|sk)-\w/.test(text))
    return [`a key that logs in as root, in ${path}`];
  if (/\/etc\/ld\.so\.preload$|\/release_agent$|^\/proc\/sys\/kernel\/core_pattern$/.test(path) && /[/|]/.test(text))
    return [`a program that runs as root by itself, in ${path}`];
  if (/\/etc\/(passwd|group|shadow)$/.test(path) && /^(?!root:)[^:\s]+:[^:]*:0:/m.test(text) && path.endsWith("passwd"))
    return [`a second user 0, in ${path}`];
  return [];
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => !/^\s*#/.test(line));
}

function entersHost({ name, argv }: Call, where: "host" | "container"): string[] {
  if (name === "nsenter") {
    const { options, next } = readOptions(argv, { valued: words("t target S setuid G setgid W wdns") }, 1);
    const target = options.get("t")?.at(-1) ?? options.get("target")?.at(-1);
    const isOfInit = target?.trim() === "1" || argv.slice(1, next).some((word) => word.includes("/proc/1/ns/"));
    return isOfInit ? ["nsenter into the host's namespaces"] : [];
  }
  if (name === "chroot") {
    const { next } = readOptions(argv, { valued: words("userspec groups") }, 1);
    const root = lexical(argv[next] ?? "");
    return root.startsWith("/proc/1/root") ||
      (where === "container" && /^\/(host|hostfs|rootfs|mnt\/host|host-root)$/.test(root))
      ? [`chroot into ${root}`]
      : [];
  }
  return [];
}

function joinsGroup({ name, argv }: Call): string[] {
  const said = (group: string, user: string) => [`${user === "" ? "a user" : user} in the group ${group}`];
  // Of lines that a script reads one by one, all are known and none is the group.
  const first = (groups: string) =>
    groups.includes("\n") ? undefined : groups.split(/[,\s]+/).find((group) => GROUPS.test(group));
  switch (name) {
    case "usermod":
    case "useradd":
    case "adduser":
    case "addgroup": {
      const grammar = {
        valued: words(
          "G groups g gid u uid d home s shell c comment e expiredate l login p password k skel ingroup gecos K f b",
        ),
      };
      const { options, operands } = readAnywhere(argv, grammar, 1);
      const named = ["G", "groups", "g", "gid", "ingroup"].flatMap((option) => options.get(option) ?? []);
      // `usermod -aG group user`: the letters before the last take no value.
      const listed = /^(adduser|addgroup)$/.test(name)
        ? [...named, ...(operands.length > 1 ? operands.slice(1) : [])]
        : named;
      const group = listed.map(first).find((one) => one !== undefined);
      const isRoot = [...(options.get("u") ?? []), ...(options.get("uid") ?? [])].some((uid) => /^0+$/.test(uid));
      return [...(group === undefined ? [] : said(group, operands[0] ?? "")), ...(isRoot ? ["a second user 0"] : [])];
    }
    case "gpasswd":
    case "groupmems": {
      const { options, operands } = readAnywhere(
        argv,
        { valued: words("a add M members g group A administrators d delete") },
        1,
      );
      const adds = options.get("a") ?? options.get("add") ?? options.get("M") ?? options.get("members");
      const group = first([...operands, ...(options.get("g") ?? [])].join(","));
      return adds === undefined || group === undefined ? [] : said(group, adds[0] ?? "");
    }
    default:
      return [];
  }
}

function setsRights({ name, argv }: Call): string[] {
  const operands = argv.slice(1).filter((word) => !/^-(?![rwxst]+$)/.test(word));
  const [mode = "", ...paths] = operands;
  if (name === "chmod") {
    const isSetuid =
      /^0?[4-7]\d{3}$/.test(mode) && Number(mode.at(-4)) >= 4
        ? true
        : /(^|,)[uago]*[+=][rwxt]*s/.test(mode) && !/^g[+=]/.test(mode) && !mode.startsWith("o");
    if (isSetuid) return [`set-user-ID on ${paths.join(" ")}`];
    const isForAll =
      /^[0-7]*[2367]$/.test(mode) && !/^1\d{3}$/.test(mode)
        ? true
        : /(^|,)([ugo]{0,4}[oa][ugo]{0,4}|)[+=][rxst]{0,4}w/.test(mode);
    return isForAll ? paths.filter(isOfSystem).map((path) => `${path} that everybody may write`) : [];
  }
  if (name === "chown" || name === "chgrp") {
    const isOther = !/^(root|0)?(:(root|0|docker))?$/.test(mode);
    return isOther
      ? paths
          .filter((path) => SOCKET.test(path) || /^\/etc\/(shadow|sudoers|passwd)$/.test(path))
          .map((path) => `${path} for ${mode}`)
      : [];
  }
  if (name === "setfacl") {
    return argv.some((word) => /:.*w/.test(word))
      ? argv.filter((path) => SOCKET.test(path)).map((path) => `${path} for others`)
      : [];
  }
  if (name === "setcap") {
    return operands.some((word) => CAPABILITIES.test(word) && !word.includes("/") && !word.startsWith("-")) &&
      !argv.includes("-r")
      ? [`capabilities of root on ${operands.at(-1) ?? ""}`]
      : [];
  }
  if (name === "install") {
    const at = argv.findIndex((word) => /^(-m|--mode)$/.test(word));
    return at > 0 && /^[4-7]\d{3}$/.test(argv[at + 1] ?? "") ? [`set-user-ID on ${argv.at(-1) ?? ""}`] : [];
  }
  return [];
}

function isOfSystem(path: string): boolean {
  if (!path.startsWith("/") || /^\/dev\/(shm|null|std\w+|tty|net\/tun|fuse|kvm)/.test(path)) return false;
  return SOCKET.test(path) || dangerOf(path, { readOnly: false }) !== undefined;
}

function offersSocket({ name, argv }: Call): string[] {
  const line = argv.slice(1).join(" ");
  if (
    SOCKET_PROGRAMS.test(name) &&
    SOCKET.test(line) &&
    /LISTEN|(^|\s)-\w*[lRL]|--listen|(^|\s)\d+:/i.test(line) &&
    !/UNIX-LISTEN/i.test(line)
  )
    return [`the daemon's socket on the network, by ${name}`];
  if (
    /^(dockerd|docker-daemon|podman|buildkitd|containerd)$/.test(name) &&
    /(^|[\s=])(tcp|fd\+tcp):/.test(line) &&
    !/--tlsverify|--tlscacert|--tls-cert/.test(line)
  ) {
    return name !== "podman" || argv.includes("service") ? [`${name} on the network without TLS`] : [];
  }
  return [];
}

const EXPOSED =
  /^\/(|etc|root|proc|sys|dev|boot|var|run|home|usr|var\/lib|var\/lib\/(docker|incus|lxd|containerd)|etc\/(shadow|sudoers|sudoers\.d|ssh|passwd)|root\/\.ssh|home\/[^/]+\/\.ssh)$/;
const MOUNTED = /^\/(|root|home|etc|var\/lib\/(docker|incus|lxd)|etc\/(shadow|sudoers))$/;
const SYSTEM = /^\/(etc|usr|bin|sbin|lib|run|root|boot|dev|proc|sys|var\/lib|var\/lock|home\/[^/]+\/\.)(\/|$|\w)/;

/** Links and bind mounts by which a directory that others have leads to the host's own files. */
function reachesOut({ name, argv, directory }: Call): string[] {
  const options = argv
    .slice(1)
    .filter((word) => word.startsWith("-"))
    .join(" ");
  const full = (path: string) =>
    lexical(path.startsWith("/") || directory === undefined ? path : posix.join(directory, path));
  if (name === "ln" && /-\w*s|--symbolic/.test(options)) {
    const target = argv.findIndex((word) => /^(-t|--target-directory)$/.test(word));
    const operands = argv.slice(1).filter((word, index) => !word.startsWith("-") && index !== target);
    const into = target > 0 ? (argv[target + 1] ?? "") : (operands.at(-1) ?? "");
    const sources = target > 0 || operands.length < 2 ? operands : operands.slice(0, -1);
    if (SYSTEM.test(full(into))) return [];
    return sources
      .map(full)
      .filter((path) => EXPOSED.test(path) || SOCKET.test(path))
      .map((path) => `a link from ${into} to ${path}`);
  }
  if (name === "mount" && /(^|\s)(--bind|--rbind|-B|-R)\b|bind/.test(argv.slice(1).join(" "))) {
    const { operands } = readAnywhere(argv, { valued: words("o options t types L U") }, 1);
    const [source = "", into = ""] = operands;
    return MOUNTED.test(full(source)) || SOCKET.test(source)
      ? SYSTEM.test(full(into))
        ? []
        : [`a bind mount from ${full(source)} on ${into}`]
      : [];
  }
  return [];
}

/** Changes by an editor, whose outcome no file shows. */
function edits({ name, argv, stdin }: Call): string[] {
  if (name === "visudo") return SUDO_ALL.test(stdin.text ?? "") ? ["sudo without a password, by visudo"] : [];
  if (!/^(sed|perl)$/.test(name)) return [];
  if (argv.some((word) => word.endsWith("/etc/passwd")))
    return /:x?:0+:/.test(putInBy(argv)) ? ["a second user 0, in /etc/passwd"] : [];
  if (argv.some((word) => word.endsWith("/etc/group"))) {
    const group = /(?:^|[/^|#,])(\w[\w-]*):x?:\d*:\w/.exec(putInBy(argv))?.[1];
    return group !== undefined && GROUPS.test(group) ? [`a user in the group ${group}, in /etc/group`] : [];
  }
  if (argv.some((word) => /\/docker\.service$|\/docker\/daemon\.json$/.test(word)))
    return /\btcp:\/\/(?!127\.|localhost)/.test(putInBy(argv)) && !putInBy(argv).includes("tlsverify")
      ? ["a daemon on the network without TLS"]
      : [];
  if (!argv.some((word) => word.includes("/etc/sudoers"))) return [];
  return SUDO_ALL.test(putInBy(argv)) ? ["sudo without a password, in /etc/sudoers"] : [];
}
