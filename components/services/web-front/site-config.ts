import { siteLogs } from "#components/host/bundle/jail.ts";
import { certificateInclude } from "./certificates.ts";
import { asksCountry } from "./http-config.ts";
import type { PlannedSite } from "./options.ts";
import type { FrontTold } from "./settings.ts";

const ASK = "/garrison-authz";

/** What programs take for the word of a proxy, or of a login, when a visitor sends it. */
const FORGED = [
  ...["Forwarded", "Proxy", "X-Original-URL", "X-Original-Method", "X-Rewrite-URL", "X-Forwarded-URI"],
  ...["Remote-User", "Remote-Groups", "Remote-Name", "Remote-Email", "X-Remote-User", "X-Auth-Request-User"],
  ...["X-Forwarded-User", "X-Forwarded-Groups", "X-Forwarded-Email", "X-Forwarded-Preferred-Username"],
  ...["CF-Connecting-IP", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP"],
];

/**
 * The server blocks of one site. Errors are told in `/var/log/nginx/<site>.error.log`, requests in
 * `/var/log/nginx/<site>.access.log`, in nginx's own `combined` format: the visitor first, whom a proxy named at most.
 */
export function siteConfig(site: PlannedSite, told: FrontTold): string {
  const { name, domain, login, live, bodyMiB } = site;
  const { access, error } = siteLogs(name);
  const logs = `  access_log ${access} combined;
  error_log ${error};`;
  return `# Made by Garrison; a change by hand does not stay.
server {
  listen 80;
  server_name ${domain};
${logs}
  return 301 https://${domain}$request_uri;
}

server {
  listen 443 ssl http2;
  server_name ${domain};
${logs}
  include ${certificateInclude(name)};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
${asksCountry(told) ? "  if ($front_refused) {\n    return 444;\n  }\n" : ""}${login ? "  if ($front_plain_path = 0) {\n    return 400;\n  }\n" : ""}
  limit_req zone=front_requests burst=${String(told.burst)} nodelay;
  limit_conn front_connections ${String(told.connections)};
  client_max_body_size ${String(bodyMiB)}m;

  add_header Strict-Transport-Security "max-age=31536000" always;
  add_header X-Content-Type-Options nosniff always;
  add_header X-Frame-Options $front_frames always;
  add_header Referrer-Policy strict-origin-when-cross-origin always;
  proxy_hide_header Strict-Transport-Security;
  proxy_hide_header X-Content-Type-Options;
  proxy_hide_header X-Frame-Options;
  proxy_hide_header Referrer-Policy;
  proxy_hide_header X-Powered-By;

  proxy_http_version 1.1;
  proxy_connect_timeout 5s;
  proxy_send_timeout 60s;
  proxy_read_timeout ${live ? "3600s" : "60s"};
${live ? "  proxy_buffering off;\n" : ""}  proxy_set_header Host ${domain};
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto https;
  proxy_set_header X-Forwarded-Host ${domain};
  proxy_set_header X-Forwarded-Port 443;
  proxy_set_header Connection ${live ? "$front_connection" : '""'};
${live ? "  proxy_set_header Upgrade $front_upgrade;\n" : ""}${site.isLogin === true ? "" : "  proxy_set_header Cookie $front_cookie;\n"}${FORGED.map((header) => `  proxy_set_header ${header} "";\n`).join("")}
  location / {
${login ? asked : ""}    proxy_pass ${site.upstream};
  }
${login ? asking(domain, login) : ""}}
`;
}

const asked = `    auth_request ${ASK};
    auth_request_set $front_login $upstream_http_location;
    error_page 401 = @login;
`;

/**
 * Authelia reads the address and the session, and no password: whoever sends one in a header would guess by any site. The
 * rules that let a path by are its own.
 */
function asking(domain: string, { page, ask }: NonNullable<PlannedSite["login"]>): string {
  return `
  location = ${ASK} {
    internal;
    proxy_pass ${ask}/api/authz/auth-request;
    proxy_pass_request_body off;
    proxy_pass_request_headers off;
    proxy_set_header Host ${domain};
    proxy_set_header Content-Length "";
    proxy_set_header Connection "";
    proxy_set_header Cookie $http_cookie;
    proxy_set_header Accept $http_accept;
    proxy_set_header User-Agent $http_user_agent;
    proxy_set_header X-Original-Method $request_method;
    proxy_set_header X-Original-URL https://${domain}$request_uri;
    proxy_set_header X-Forwarded-For $remote_addr;
  }

  location @login {
    if ($front_login = "") {
      return 302 ${page}/;
    }
    return 302 $front_login;
  }
`;
}
