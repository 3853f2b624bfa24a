import type { Rendering } from "#components/wiring/blueprint.ts";

/** A page that people open, and what answers for it. */
interface Page {
  /** First label of the host name under which the tunnel hands the page's requests over. */
  readonly name: string;
  /** `service:port`. */
  readonly upstream: string;
  readonly scheme: "http" | "https";
}

/**
 * Nginx's configuration, loaded inside `http { }`. Each page has a host name of its own, because Uptime Kuma cannot be
 * served below a path; a request for any other name, or with an address in place of a name, gets nothing.
 */
export function nginxServer(self: Rendering, names: readonly string[]): string {
  const { settings } = self;
  const known = names.map((name) => pageOf(name, self));
  // What is switched off has no page.
  const pages = known.filter(({ name }) => self.has(name));
  return `server_tokens off;
access_log off;

# Cloudflare says who asks, through the tunnel; from anybody else the header means nothing.
${self
  .clients()
  .flatMap(({ addresses }) => addresses)
  .map((address) => `set_real_ip_from ${address};\n`)
  .join("")}real_ip_header CF-Connecting-IP;

# Docker's resolver. Names are looked up when a page is asked for, so Nginx starts before what is behind it.
resolver 127.0.0.11 valid=10s ipv6=off;
resolver_timeout 3s;

map $http_upgrade $connection_upgrade {
  default upgrade;
  "" close;
}

proxy_http_version 1.1;
proxy_set_header Host $http_host;
proxy_set_header X-Real-IP $remote_addr;
# What the asker claims about itself is not passed on.
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto ${settings.lab ? "$scheme" : "https"};
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
proxy_connect_timeout 3s;
# A page's WebSocket is quiet while nothing happens.
proxy_read_timeout 1h;
client_max_body_size 10m;

add_header X-Content-Type-Options nosniff always;
add_header X-Frame-Options DENY always;
add_header Referrer-Policy no-referrer always;
add_header Strict-Transport-Security "max-age=31536000" always;

server {
  listen 8080 default_server;
  server_name _;

  location = /healthz {
    return 200 "ok\\n";
  }
${settings.lab ? labPages(pages) : ""}
  location / {
    return 404 "nothing is served here\\n";
  }
}
${pages.map(server).join("")}`;
}

/** What speaks TLS has a stand-in in a lab that does not. Its certificate is checked by nobody: none is delivered. */
function pageOf(name: string, self: Rendering): Page {
  const { authority, speaks } = self.use(name);
  return { name, upstream: authority, scheme: speaks === "https" && !self.settings.lab ? "https" : "http" };
}

function server({ name, upstream, scheme }: Page): string {
  return `
server {
  listen 8080;
  server_name ${name}.*;

  location / {
    set $upstream ${upstream};
    proxy_pass ${scheme}://$upstream;
  }
}
`;
}

/** A lab is opened by address, from the machine that it runs on: the pages are below paths too, as far as they bear it. */
function labPages(pages: readonly Page[]): string {
  const overview = `
  location = / {
    root /usr/share/nginx/lab;
    try_files /index.html =404;
  }
`;
  const below = pages.map(
    ({ name, upstream, scheme }) => `
  location /${name}/ {
    set $upstream ${upstream};
    rewrite ^/${name}/(.*)$ /$1 break;
    proxy_pass ${scheme}://$upstream;
  }
`,
  );
  return [overview, ...below].join("");
}
