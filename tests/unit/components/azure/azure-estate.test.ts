import { expect, test } from "vitest";
import { AzureEstate } from "../../../../components/azure/azure-estate.ts";
import { withoutDocker } from "../../../../components/azure/plan-azure.ts";
import { azureWebPlace } from "../../../../stacks/azure-web.ts";
import { gpuPlace } from "../../../../stacks/gpu.ts";
import { record } from "../../../support/recording-monitor.ts";
import { anAzure, azureHost, madeInAzure } from "./an-azure.ts";

test("smoke", async () => {
  const all = await record(() => void new AzureEstate("azure-web", { plan: anAzure(azureWebPlace) }), madeInAzure);
  console.log(JSON.stringify(all.map(({ type, name, dependsOn, provider }) => [type, name, provider, dependsOn])));
  const gpu = await record(
    () => void new AzureEstate("gpu", { plan: anAzure(gpuPlace, {}, withoutDocker(azureHost)) }),
    madeInAzure,
  );
  console.log(
    JSON.stringify(
      gpu.filter((x) => x.type.includes("Command") || x.type.includes("VirtualMach")),
      (k, v) => (k === "stdin" || k === "value" ? "…" : v),
      1,
    ),
  );
  expect(gpu.length).toBeGreaterThan(3);
});
