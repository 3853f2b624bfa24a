import type { Rule } from "#lib/rule.ts";
import { rule as accessAdvice } from "./access-advice.ts";
import { rule as apiToken } from "./api-token.ts";
import { rule as devices } from "./devices.ts";
import { rule as services } from "./services.ts";
import { rule as spectrum } from "./spectrum.ts";
import { rule as cors } from "./cors.ts";
import { rule as firewallSkips } from "./firewall-skips.ts";
import { rule as privateRoutes } from "./private-routes.ts";
import { rule as publicBucket } from "./public-bucket.ts";
import { rule as tunnelServices } from "./tunnel-services.ts";
import { rule as unproxiedOrigin } from "./unproxied-origin.ts";
import { rule as access } from "./access.ts";
import { rule as catchAll } from "./catch-all.ts";
import { rule as everyone } from "./everyone.ts";
import { rule as plainHttp } from "./plain-http.ts";
import { rule as tlsVerify } from "./tls-verify.ts";
import { rule as tunnelSecret } from "./tunnel-secret.ts";
import { rule as wildcardDns } from "./wildcard-dns.ts";
import { rule as zoneTls } from "./zone-tls.ts";

/** Rules on Cloudflare resources. */
export const cloudflareRules: readonly Rule[] = [
  access,
  everyone,
  catchAll,
  plainHttp,
  tlsVerify,
  zoneTls,
  accessAdvice,
  apiToken,
  cors,
  devices,
  firewallSkips,
  privateRoutes,
  publicBucket,
  services,
  spectrum,
  tunnelServices,
  unproxiedOrigin,
  wildcardDns,
  tunnelSecret,
];
