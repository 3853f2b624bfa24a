import { AUTHELIA_COOKIE } from "../authelia/config.ts";
import type { FrontTold } from "./settings.ts";

/**
 * A path that can be read in one way alone. Authelia judges what it reads, and the program behind answers what it reads; they
 * differ over dots and slashes, encoded or not, backslashes, path parameters, and what ends a path.
 */
const PLAIN_PATH = [
  "~^",
  String.raw`(?![^?]*/\.\.?(?:/|\?|$))`,
  String.raw`(?:/(?!/)|[A-Za-z0-9_~!$&'()*+,=:@.-]|%(?!(?i:[01]|2[35ef]|3[bf]|5c|7f))[0-9A-Fa-f]{2})+`,
  String.raw`(?:\?|$)`,
].join("");

/** Whether it has to be known where visitors are from. */
export function asksCountry({ onlyCountries, notCountries }: FrontTold): boolean {
  return onlyCountries.length + notCountries.length > 0;
}

/** What all sites of a front share, loaded inside `http { }`, with a server for whoever asks for no site. */
export function httpConfig(told: FrontTold): string {
  return `# Made by Garrison; a change by hand does not stay.
limit_req_zone $binary_remote_addr zone=front_requests:10m rate=${String(told.requestsPerSecond)}r/s;
limit_conn_zone $binary_remote_addr zone=front_connections:10m;

# A site whose certificate is not there ends the handshake; the file with its certificate takes this back.
ssl_reject_handshake on;

# Nginx hands on whatever follows an answer of 101, unasked: of protocols that can be asked for, h2c carries other requests.
map $http_upgrade $front_connection {
  default "";
  "~*^websocket$" upgrade;
}
map $http_upgrade $front_upgrade {
  default "";
  "~*^websocket$" websocket;
}
map $upstream_http_x_frame_options $front_frames {
  default $upstream_http_x_frame_options;
  "" SAMEORIGIN;
}
map $request_uri $front_plain_path {
  default 0;
  "${PLAIN_PATH}" 1;
}

# The session of Authelia opens every site beside the one that is asked: no program behind sees it.
map $http_cookie $front_cookie_once {
  default $http_cookie;
  "~^(?<front_before>(?:.*;)?\\s*)${AUTHELIA_COOKIE}=[^;]*;?\\s*(?<front_after>.*)$" "$front_before$front_after";
}
map $front_cookie_once $front_cookie {
  default $front_cookie_once;
  "~(?:^|;)\\s*${AUTHELIA_COOKIE}=" "";
}
${countryMaps(told)}
server {
  listen 443 ssl http2 default_server;
  server_name _;
  ssl_protocols TLSv1.2 TLSv1.3;
  return 444;
}
`;
}

function countryMaps(told: FrontTold): string {
  const { countryDatabase, onlyCountries, notCountries } = told;
  if (!asksCountry(told) || countryDatabase === undefined) return "";
  const [listed, verdict, others] = onlyCountries.length > 0 ? [onlyCountries, 0, 1] : [notCountries, 1, 0];
  return `
geoip2 ${countryDatabase} {
  auto_reload 60m;
  $front_country default=ZZ source=$remote_addr country iso_code;
}
map $front_country $front_refused {
  default ${String(others)};
  ZZ 1;
${[...new Set(listed)]
  .sort()
  .map((code) => `  ${code} ${String(verdict)};`)
  .join("\n")}
}
`;
}
