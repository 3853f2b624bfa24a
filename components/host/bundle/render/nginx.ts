import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { NginxSpec } from "../host-spec.ts";

const BASE = `# Made by Garrison; a change by hand does not stay.
server_tokens off;
# Who comes too often is told so, and fail2ban reads it.
limit_req_zone $binary_remote_addr zone=perip:10m rate=10r/s;
limit_conn_zone $binary_remote_addr zone=connip:10m;
limit_req_status 429;
limit_conn_status 429;
# A client that sends a byte a second does not hold a place for long.
client_body_timeout 15s;
client_header_timeout 15s;
send_timeout 30s;
client_max_body_size 1m;
ssl_session_tickets off;
ssl_session_cache shared:garrison:10m;
# Whoever asks for a name that we do not have gets no answer at all.
server { listen 80 default_server; server_name _; return 444; }
`;

/** Where fail2ban writes whom it bans, one file for each jail; no file is no mistake. */
export const BANNED = "/var/lib/fail2ban/nginx-banned";

/**
 * Behind proxies the kernel sees nobody but them, so a ban there would be theirs: nginx itself refuses who is banned. From
 * anybody else the header means nothing.
 */
function behind({ proxies = [], header = "CF-Connecting-IP" }: NginxSpec): string {
  if (proxies.length === 0) return "";
  return `${[...proxies]
    .sort()
    .map((block) => `set_real_ip_from ${block};\n`)
    .join("")}real_ip_header ${header};
include ${BANNED}-*.conf;
`;
}

/**
 * Web server of the machine itself: limits for every site, and the sites. Debian's welcome page goes.
 *
 * @param watched whether fail2ban reads what it logs
 */
export function nginx(spec: NginxSpec, watched: boolean): BundleEntry[] {
  const rest = { check: "nginx", actions: ["4:reload:nginx.service"] } as const;
  // fail2ban looks for logs when it starts; a site's begins when the site is judged.
  const site = watched ? ({ ...rest, actions: [...rest.actions, "4:restart:fail2ban.service"] } as const) : rest;
  return [
    entry("/etc/nginx/conf.d/00-garrison.conf", `${BASE}${behind(spec)}`, rest),
    // Where Debian's link to its welcome page is: a file without a server takes its place.
    entry("/etc/nginx/sites-enabled/default", "# No page: see conf.d/00-garrison.conf.\n", rest),
    ...Object.entries(spec.sites).map(([name, text]) => entry(`/etc/nginx/conf.d/50-${name}.conf`, text, site)),
  ];
}
