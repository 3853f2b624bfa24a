import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import { sshPort } from "../host-spec.ts";
import type { HostSpec } from "../host-spec.ts";
import { neverBanned, notToBeBanned } from "../never-banned.ts";
import { BANNED } from "./nginx.ts";

const WEB = { port: "http,https" };
const ERRORS = { logpath: "/var/log/nginx/error.log" };
const ACCESSES = { logpath: "/var/log/nginx/access.log" };

type Settings = Readonly<Record<string, string>>;

/** Jails that read what nginx logs. Without nginx there is nothing to read, and fail2ban would not start. */
const WEB_JAILS: Readonly<Record<string, Settings>> = {
  "nginx-bad-request": { ...WEB, ...ACCESSES },
  "nginx-botsearch": { ...WEB, ...ACCESSES, maxretry: "3" },
  // Debian 12's fail2ban (1.0.2) has no such filter: it comes with us.
  "nginx-forbidden": { ...WEB, ...ERRORS, filter: "garrison-nginx-forbidden" },
  "nginx-http-auth": { ...WEB, ...ERRORS },
  "nginx-limit-req": { ...WEB, ...ERRORS },
};

/** The regular expression of fail2ban 1.1.0, for a log file. */
const FORBIDDEN = `[Definition]
failregex = ^\\s*\\[error\\] \\d+#\\d+: \\*\\d+ access forbidden by rule, client: <HOST>
ignoreregex =
datepattern = {^LN-BEG}
`;

/**
 * Bans in nginx, by the address that it takes from its proxies' header. What it knew before a restart fail2ban writes again.
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
reloading = nginx -qt && systemctl try-reload-or-restart nginx.service
`;

/**
 * Bans who guesses, with rules of its own table. Whoever must always get in is never banned: the operators and the
 * deployer, and the estate's machines, because a ban among them looks like an outage.
 */
export function fail2ban(spec: HostSpec): BundleEntry[] {
  const proxies = spec.nginx?.proxies ?? [];
  const never = [...new Set(["127.0.0.0/8", "::1", ...neverBanned(notToBeBanned(spec))])].sort();
  const jails: Readonly<Record<string, Settings>> = {
    // The journal: Debian 12 has no /var/log/auth.log unless a log daemon is installed.
    sshd: { port: String(sshPort(spec)), mode: "aggressive", backend: "systemd" },
    ...(spec.nginx !== undefined && webJails(proxies.length > 0)),
    // Who was banned several times is banned for long, on every port.
    recidive: {
      logpath: "/var/log/fail2ban.log",
      banaction: "nftables[type=allports]",
      ...(proxies.length > 0 && { action: `%(action_)s\n         ${BY_NGINX}` }),
      bantime: "1w",
      findtime: "1d",
    },
  };
  const text = [
    "# Made by Garrison; a change by hand does not stay.",
    section("DEFAULT", {
      ignoreip: never.join(" "),
      banaction: "nftables",
      banaction_allports: "nftables[type=allports]",
      bantime: "1h",
      "bantime.increment": "true",
      "bantime.maxtime": "1w",
      findtime: "10m",
      maxretry: "5",
    }),
    ...Object.entries(jails).map(([name, settings]) => section(name, { enabled: "true", ...settings })),
  ].join("\n");
  const rest = { check: "fail2ban", actions: ["4:restart:fail2ban.service"] } as const;
  return [
    entry("/etc/fail2ban/jail.d/90-garrison.local", text, rest),
    ...(spec.nginx === undefined
      ? []
      : [entry("/etc/fail2ban/filter.d/garrison-nginx-forbidden.conf", FORBIDDEN, rest)]),
    ...(proxies.length === 0 ? [] : [entry("/etc/fail2ban/action.d/garrison-nginx-deny.conf", DENY, rest)]),
  ];
}

/** The jail's name becomes the file's. */
const BY_NGINX = "garrison-nginx-deny[name=%(__name__)s]";

function webJails(behindProxies: boolean): Readonly<Record<string, Settings>> {
  if (!behindProxies) return WEB_JAILS;
  return Object.fromEntries(
    Object.entries(WEB_JAILS).map(([name, settings]) => [name, { ...settings, action: BY_NGINX }]),
  );
}

function section(name: string, settings: Settings): string {
  return [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ""].join("\n");
}
