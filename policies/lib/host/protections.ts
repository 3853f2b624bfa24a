import { putInBy } from "../shell/edits.ts";
import type { Call, WrittenFile } from "../shell/script.ts";

/** Services that protect a host. */
const GUARDS =
  /^(ufw|firewalld|nftables|iptables|ip6tables|netfilter-persistent|apparmor|auditd|fail2ban|crowdsec|wazuh-agent|falco|osqueryd|sshguard|windefend|mpssvc)(\.service)?$/i;
const PACKAGES = /^(ufw|firewalld|nftables|iptables|apparmor|auditd|audit|fail2ban|selinux-policy\S*)$/;
/** Where the host writes down who logged in and what was done; old files that a program packed away are none. */
const TRACES =
  /^\/var\/log\/(?:audit|journal|auth\.log|secure|wtmp|btmp|lastlog|messages|syslog|faillog|wazuh|ossec)(?:\/\*?)?$|^\/var\/log\/?\*?$|^\/var\/log\/audit\/audit\.log$/;
const BOOT =
  /\b(selinux=0|apparmor=0|mitigations=off|nokaslr|enforcing=0|nopti|noexec=off|lockdown=none|security=none|spectre_v2=off|nosmep|nosmap|audit=0)\b/;

/** Programs by which a protection other than the firewall is taken down. */
export function disarmedBy({ name, argv }: Call): string[] {
  const said = argv.slice(1);
  const line = `${name} ${said.join(" ")}`.slice(0, 120);
  const has = (pattern: RegExp) => said.some((word) => pattern.test(word));
  return isDisarming(name, said, line, has) ? [line] : [];
}

function isDisarming(name: string, said: readonly string[], line: string, has: (pattern: RegExp) => boolean): boolean {
  switch (name) {
    case "systemctl":
      return has(/^(stop|disable|mask|kill)$/) && has(GUARDS);
    case "service":
    case "rc-service":
    case "invoke-rc.d":
      return GUARDS.test(said[0] ?? "") && /^stop$/.test(said[1] ?? "");
    case "update-rc.d":
    case "chkconfig":
      return GUARDS.test(said[0] ?? "") && has(/^(disable|off|remove)$/);
    case "apt":
    case "apt-get":
    case "aptitude":
    case "dpkg":
    case "yum":
    case "dnf":
    case "zypper":
    case "apk":
      return has(/^(remove|purge|autoremove|erase|del|rm|-r|-P|--purge)$/) && has(PACKAGES);
    case "pkill":
    case "killall":
      return has(GUARDS);
    case "journalctl":
      return has(/^--vacuum-time=\d+(?:s|sec|seconds?|min|m)$/) || /--vacuum-time \d+(?:s|min)\b/.test(line);
    case "rm":
    case "shred":
    case "truncate":
    case "unlink":
      return has(TRACES);
    case "mount":
      return remountsForPrograms(said);
    case "setenforce":
      return has(/^(0|permissive)$/i);
    case "aa-teardown":
    case "aa-disable":
    case "aa-complain":
    case "remove_apparmor_profiles":
      return true;
    case "apparmor_parser":
      return has(/^(-\w*R|--remove)$/);
    case "auditctl":
      return /(^|\s)(-e\s*0|-D)(\s|$)/.test(line);
    case "sed":
    case "perl":
      return disarmsByEdit(line, putInBy([name, ...said]));
    case "grubby":
    case "kernelstub":
    case "rpm-ostree":
      return BOOT.test(line) && has(/^(--args.*|--append.*|-a)$/);
    case "Set-MpPreference":
      return /-DisableRealtimeMonitoring\s+(\$?true|1)/i.test(line);
    default:
      return false;
  }
}

/** `mount -o remount,exec /tmp`: a place for everybody from which programs run again. */
function remountsForPrograms(said: readonly string[]): boolean {
  const at = said.findIndex((word) => /^(?:-o|--options)$/.test(word));
  const options = (said[at + 1] ?? "").split(",");
  return (
    at >= 0 &&
    options.includes("remount") &&
    ["exec", "suid", "dev"].some((option) => options.includes(option)) &&
    said.some((word) => /^\/(?:tmp|var\/tmp|dev\/shm|home|run)\/?$/.test(word))
  );
}

function disarmsByEdit(line: string, put: string): boolean {
  if (/selinux\/config|sysconfig\/selinux/.test(line)) return /\b(disabled|permissive)\b/.test(put);
  return /default\/grub|\/boot\/|cmdline/.test(line) && BOOT.test(put);
}

/** Settings of an SSH server by which it hands on what should stay on the host, or believes what others write. */
function looseServer(text: string): string[] {
  return [
    ...text.matchAll(/^[ \t]*((GatewayPorts|PermitUserEnvironment|StrictModes|AuthorizedKeysFile)[ \t=]+(\S+))/gim),
  ]
    .filter(([, , name = "", value = ""]) => {
      if (/^strictmodes$/i.test(name)) return /^no$/i.test(value);
      if (/^authorizedkeysfile$/i.test(name)) return /^\/(?:tmp|var\/tmp|dev\/shm)\//.test(value);
      return /^(?:yes|clientspecified)$/i.test(value);
    })
    .map(([, line = ""]) => line.trim());
}

/** Settings that do the same from a file. */
export function disarmedIn({ path, text }: WrittenFile): string[] {
  if (/\/sshd_config(?:\.d\/[^/]*)?$/.test(path)) return looseServer(text).map((line) => `${line}, in ${path}`);
  if (
    /(selinux\/config|sysconfig\/selinux)$/.test(path) &&
    /^[ \t\f\v]*SELINUX\s*=\s*(disabled|permissive)/m.test(text)
  )
    return [`${path} without SELinux`];
  if (/(default\/grub|grub\.d\/.*|cmdline\.txt|kernel\/cmdline)$/.test(path)) {
    const found = BOOT.exec(text)?.[1];
    return found === undefined ? [] : [`${path} with ${found}`];
  }
  if (path.endsWith("docker/daemon.json") && /"ip6?tables"\s*:\s*false/.test(text))
    return [`${path} without its rules of the firewall`];
  if (TRACES.test(path) && text.trim() === "") return [`${path} emptied`];
  if (path.endsWith("docker/daemon.json") && /"seccomp-profile"\s*:\s*"unconfined"/.test(text))
    return [`${path} without seccomp`];
  return path.endsWith("/sys/fs/selinux/enforce") && text.trim() === "0" ? [`${path} of 0`] : [];
}
