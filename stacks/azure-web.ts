import type { AzurePlace } from "../components/azure/azure-place.ts";
import { allow, egress, internal } from "../components/machine/machine-definition.ts";
import type { MachineDefinition } from "../components/machine/machine-definition.ts";
import { flow } from "../components/network/flow.ts";
import { bytes, password } from "../components/secrets/secret.ts";
import { egressProxy } from "../components/services/egress-proxy.ts";
import { searxng } from "../components/services/searxng.ts";
import { valkey } from "../components/services/valkey.ts";

/** Where the web machine is: in a network of its own, with the one public address of the estate. */
export const azureWebPlace: AzurePlace = {
  subnets: [{ name: "web", number: 1 }],
  machines: [
    {
      name: "main",
      subnet: "web",
      size: "Standard_F16s_v2",
      osDiskGiB: 256,
      dataDisks: [{ name: "data", lun: 0, sizeGiB: 256, mount: "/data" }],
      publicAddress: true,
      open: [{ name: "web", ports: [80, 443], from: "web", who: "visitors", why: "the sites" }],
    },
  ],
};

/** The public web machine. */
export const azureWeb: MachineDefinition = {
  role: "azure-web",

  services: [searxng, valkey, egressProxy],

  flows: [
    flow("searxng", "valkey", 6379, "the search caches and counts"),
    flow("searxng", "egress-proxy", 3128, "search engines are on the internet"),
    flow("egress-proxy", "internet", 443, "the proxy is the way out, for HTTPS"),
    flow("egress-proxy", "resolver", [53, "53/udp"], "the proxy looks its clients' names up"),
  ],

  networks: [
    internal("search-cache", 1, "the search caches", ["searxng", "valkey"]),
    internal("out-search", 2, "searches leave through the proxy", ["searxng", "egress-proxy"]),
    egress("egress", 3, "the proxy is the way out", ["egress-proxy"]),
  ],

  allowed: [allow("searxng", ["en.wikipedia.org", "html.duckduckgo.com", "www.mojeek.com"], "the search engines")],

  secrets: [
    password("valkey-search", "opens the search's cache"),
    bytes("searxng-key", "signs what SearXNG hands to browsers"),
  ],
};
