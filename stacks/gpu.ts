import { resolve } from "node:path";
import type { AzurePlace } from "../components/azure/azure-place.ts";
import { machine } from "../components/wiring/machine-of.ts";

/**
 * Where the GPU machine is: in a network of its own, without a public address. It gets out through a NAT gateway and is
 * reached through a bastion, a small machine that passes ssh on to it; so the stack needs no other one.
 */
export const gpuPlace: AzurePlace = {
  subnets: [
    { name: "door", number: 1 },
    { name: "gpu", number: 2, nat: true },
  ],
  machines: [
    { name: "door", subnet: "door", size: "Standard_B1ms", osDiskGiB: 32, publicAddress: true },
    {
      name: "main",
      subnet: "gpu",
      size: "Standard_NC24ads_A100_v4",
      osDiskGiB: 256,
      dataDisks: [{ name: "models", lun: 0, sizeGiB: 1024, mount: "/data" }],
      behind: "door",
      open: [
        { name: "models", ports: [8000], from: "peers", who: "the estate's machines", why: "they ask the models" },
      ],
    },
  ],
};

/**
 * The machine for models. It has no containers, and no driver of its GPU either: under Secure Boot the kernel loads signed
 * modules only, Debian's NVIDIA modules are built on the machine and signed by nobody whom the firmware knows, and Azure's
 * driver extension does not go with Secure Boot. So the A100 cannot be used today, and nothing answers on
 * port 8000.
 */
export const gpu = machine("gpu", { numbers: resolve(import.meta.dirname, "gpu.numbers.json"), services: [] });
