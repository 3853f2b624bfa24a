import { json } from "./site.ts";
import type { SiteAnswer } from "./site.ts";

/**
 * What a cloud's metadata service would give away, in the shape of Azure's answer. The token is none and says so: a
 * test that finds it somewhere has found a leak.
 */
export function metadataAnswer(name: string): SiteAnswer {
  return json({
    lab: `lab internet: stand-in for the ${name} service`,
    access_token: "lab-internet-fake-token-not-a-secret",
    token_type: "Bearer",
    expires_in: "86399",
    resource: "https://management.azure.com/",
  });
}
