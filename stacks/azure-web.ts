import { resolve } from "node:path";
import type { AzurePlace } from "../components/azure/azure-place.ts";
import { egressProxy } from "../components/services/egress-proxy/service.ts";
import { searxng } from "../components/services/searxng/service.ts";
import { valkey } from "../components/services/valkey/service.ts";
import { machine } from "../components/wiring/machine-of.ts";

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

const out = egressProxy("egress-proxy");
const cache = valkey("valkey");
const search = searxng("searxng", {
  cache,
  out,
  engines: ["en.wikipedia.org", "html.duckduckgo.com", "www.mojeek.com"],
});

/** The public web machine. */
export const azureWeb = machine("azure-web", {
  numbers: resolve(import.meta.dirname, "azure-web.numbers.json"),
  services: [search, cache, out],
});
