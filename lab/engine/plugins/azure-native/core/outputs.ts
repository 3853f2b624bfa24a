import { createHash } from "node:crypto";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type { AzureType } from "./azure-type.ts";
import { armType } from "./ids.ts";
import { nameInput } from "./names.ts";
import type { Run } from "./run.ts";
import { text } from "./values.ts";

/** Outputs that every type has, of those that its declaration knows; before there is an id, those that are known by then. */
export function commonOutputs(run: Run, type: AzureType, inputs: Properties, id?: string): Properties {
  const name = text(inputs, nameInput(type));
  const known: Properties = {
    ...(name === undefined ? {} : { name }),
    type: armType(type.idTemplate),
    azureApiVersion: run.schema.resources[type.token]?.apiVersion,
    ...(id === undefined
      ? {}
      : {
          provisioningState: "Succeeded",
          // Made of the id: the same whenever it is read.
          resourceGuid: guidOf(id),
          etag: `W/"${guidOf(`${id} ${JSON.stringify(inputs)}`)}"`,
        }),
  };
  const declared = run.schema.resources[type.token]?.outputs ?? {};
  return Object.fromEntries(Object.entries(known).filter(([output]) => output in declared));
}

/** A GUID that stands for a text. */
function guidOf(value: string): string {
  const hash = createHash("sha256").update(value.toLowerCase()).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
