import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { HostSpec } from "../host-spec.ts";
import { ofNginx, siteLogs } from "../jail.ts";
import type { Jail, JailSource } from "../jail.ts";
import { jailsOf } from "../machine-jails.ts";
import { neverBanned, notToBeBanned } from "../never-banned.ts";
import { BANNED } from "./nginx.ts";

/**
 * Bans in nginx, by the address that it takes from its proxies' header. What it knew before a restart fail2ban writes again.
 * Nginx reads its configuration anew by itself, and keeps the one it has if that one does not parse.
 */
const DENY = `[Definition]
actionstart = truncate -s 0 '<file>'
actionstop = truncate -s 0 '<file>'
             <reloading>
actionban = printf 'deny %%s;\\n' '<ip>' >>'<file>'
            <reloading>
actionunban = grep -vxF 'deny <ip>;' '<file>' >'<file>.new'; mv '<file>.new' '<file>'
              <reloading>
[Init]
file = ${BANNED}-<name>.conf
reloading = systemctl try-reload-or-restart nginx.service
`;

/** The jail's name becomes the file's. */
const BY_NGINX = "garrison-nginx-deny[name=%(__name__)s]";

/**
 * Bans who guesses, with rules of its own table. Whoever must always get in is never banned: the operators and the
 * deployer, and the estate's machines, because a ban among them looks like an outage.
 */
export function fail2ban(spec: HostSpec): BundleEntry[] {
  const proxied = (spec.nginx?.proxies ?? []).length > 0;
  const never = [...new Set(["127.0.0.0/8", "::1", ...neverBanned(notToBeBanned(spec))])].sort();
  const jails = Object.entries(jailsOf(spec));
  const text = [
    "# Made by Garrison; a change by hand does not stay.",
    section("DEFAULT", {
      ignoreip: never.join(" "),
      banaction: "nftables",
      banaction_allports: "nftables[type=allports]",
      "bantime.increment": "true",
      "bantime.maxtime": "1w",
    }),
    ...jails.map(([name, jail]) => section(name, settingsOf(name, jail, proxied))),
  ].join("\n");
  const rest = { check: "fail2ban", actions: ["4:restart:fail2ban.service"] } as const;
  return [
    entry("/etc/fail2ban/jail.d/90-garrison.local", text, rest),
    ...jails.flatMap(([name, { filter }]) =>
      typeof filter === "string"
        ? []
        : [entry(`/etc/fail2ban/filter.d/garrison-${name}.conf`, filterText(filter), rest)],
    ),
    ...(proxied ? [entry("/etc/fail2ban/action.d/garrison-nginx-deny.conf", DENY, rest)] : []),
  ];
}

function settingsOf(name: string, jail: Jail, proxied: boolean): Readonly<Record<string, string>> {
  const { filter, reads, ports, maxRetry, findSeconds, banSeconds } = jail;
  const byNginx = proxied && ofNginx(jail);
  return {
    enabled: "true",
    filter: typeof filter === "string" ? filter : `garrison-${name}`,
    ...sourceOf(reads),
    ...(ports === "all" ? { banaction: "nftables[type=allports]" } : { port: ports.join(",") }),
    ...(byNginx && { action: BY_NGINX }),
    // A visitor who is banned again and again comes through the proxy, too.
    ...(proxied && ports === "all" && { action: `%(action_)s\n         ${BY_NGINX}` }),
    maxretry: String(maxRetry),
    findtime: String(findSeconds),
    bantime: String(banSeconds),
  };
}

function sourceOf(reads: JailSource): Readonly<Record<string, string>> {
  if (reads === "journal") return { backend: "systemd" };
  if (reads === "nginx-accesses") return { logpath: siteLogs("*").access.replace("*.", "*") };
  return { logpath: "file" in reads ? reads.file : siteLogs(reads.accessesOf).access };
}

/**
 * The client is Nginx's word, and stands first. The name that a visitor gives stands before the time and may hold anything but
 * a quotation mark, another time too: the time is the last one before the request.
 */
function filterText(lines: readonly string[]): string {
  return `# Made by Garrison; a change by hand does not stay.
[Definition]
failregex = ${lines.map((line) => `^<ADDR> - [^"]*\\[\\] ${line}`).join("\n            ")}
ignoreregex =
datepattern = ^[^"]*\\[(%%d/%%b/%%Y:%%H:%%M:%%S %%z)\\] "
`;
}

function section(name: string, settings: Readonly<Record<string, string>>): string {
  return [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ""].join("\n");
}
