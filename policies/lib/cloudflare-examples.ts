import { cloudflare } from "./cloudflare-types.ts";
import type { Example, ExampleResource } from "./rule.ts";

/** An account or zone that exists only in examples. */
export const exampleAccount = "0123456789abcdef0123456789abcdef";

const NOT_FOUND = { service: "http_status:404" };

/** A tunnel's configuration with these routes before the last one. */
export function routes(
  name: string,
  ingresses: readonly object[],
  last: readonly object[] = [NOT_FOUND],
  more: object = {},
): ExampleResource {
  const tunnelId = "00000000-0000-4000-8000-000000000001";
  const config = { ingresses: [...ingresses, ...last], ...more };
  return { type: cloudflare.tunnelConfig, name, properties: { accountId: exampleAccount, tunnelId, config } };
}

/** An application that lets one person in, with some properties changed. */
export function application(name: string, uri: string, changes: object = {}): ExampleResource {
  const policies = [{ name: "people", decision: "allow", includes: [{ email: { email: "operator@example.com" } }] }];
  const destinations = [{ type: "public", uri }];
  const properties = { accountId: exampleAccount, name, type: "self_hosted", destinations, policies, ...changes };
  return { type: cloudflare.accessApplication, name, properties };
}

/** An example of some resources. */
export function of(title: string, ...resources: readonly ExampleResource[]): Example {
  return { title, resources };
}
