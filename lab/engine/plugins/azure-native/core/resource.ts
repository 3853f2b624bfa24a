/** Makes a resource of the engine's of an Azure type: what all types have in common. */
import { unknownValue, type Properties } from "@garrison/helpers/pulumi/values.ts";
import type { CheckFailure, Unsupported } from "#provider/check.ts";
import { typeLabel, type ResourceDefinition } from "#provider/definition.ts";
import { isDefault } from "#provider/resource-rpcs.ts";
import type { AzureType } from "./azure-type.ts";
import { refuseFixed } from "./fixed.ts";
import { idInputs, resourceId } from "./ids.ts";
import { createResource, deleteResource, readResource, updateResource } from "./lifecycle.ts";
import { fillInLocation } from "./location.ts";
import { isRandomlyNamed, madeName, nameInput } from "./names.ts";
import { commonOutputs } from "./outputs.ts";
import { concerns } from "./paths.ts";
import { Problems } from "./problems.ts";
import type { Run } from "./run.ts";
import { declaredAt, type AzureSchema } from "./schema.ts";
import { text } from "./values.ts";

export function azureResource(run: Run, type: AzureType): ResourceDefinition<undefined> {
  const named = nameInput(type);
  const replacing = new Set([...idInputs(type.idTemplate), ...(type.replaces ?? [])]);
  return {
    nameProperty: named,
    makeName: (logicalName, digest) => madeName(type, logicalName, digest),
    unsupported: unsupportedInputs(run, type),
    check: (inputs, old) => check(run, type, inputs, old),
    replaces: (difference) => [...replacing].some((path) => concerns(path, difference)),
    deleteBeforeReplace: (_old, inputs) => !(isRandomlyNamed(type) && isDefault(inputs, named)),
    previewCreate: (inputs) => ({ ...commonOutputs(run, type, inputs), ...unknown(type.completes ?? []) }),
    unknownOnUpdate: (changed) => (type.completes ?? []).filter((name) => changed.has(name)),
    refuseUpdate: ({ oldInputs, inputs }) => {
      refuseFixed(type, oldInputs, inputs);
    },
    create: (inputs, context) => createResource(run, type, inputs, context),
    read: (id, { inputs }, context) => readResource(run, type, { id, inputs }, context),
    update: (id, { inputs }, context) => updateResource(run, type, { id, inputs }, context),
    delete: (id, _old, context) => deleteResource(run, id, context),
  };
}

function unknown(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, unknownValue]));
}

function unsupportedInputs(run: Run, type: AzureType): Unsupported {
  const inputs = Object.keys(run.schema.resources[type.token]?.inputs ?? {});
  const takes = new Set([...idInputs(type.idTemplate), ...(type.takes ?? inputs)]);
  const others = inputs.filter((name) => !takes.has(name));
  const besideIds = (type.idOnly ?? []).flatMap((path) => membersBesideId(run.schema, type.token, path));
  return {
    ...Object.fromEntries(others.map((name) => [name, "it would have no effect here"])),
    ...Object.fromEntries(besideIds.map((path) => [path, "name the other resource by its id"])),
    ...type.refuses,
  };
}

function membersBesideId(schema: AzureSchema, token: string, path: string): readonly string[] {
  const members = Object.keys(declaredAt(schema, token, path)?.properties ?? {});
  return members.filter((name) => name !== "id").map((name) => `${path}.${name}`);
}

function check(run: Run, type: AzureType, inputs: Properties, old: Properties): readonly CheckFailure[] {
  const problems = new Problems(typeLabel(type.token));
  const named = nameInput(type);
  const name = text(inputs, named);
  if (name !== undefined && !type.name.pattern.test(name)) {
    problems.add(named, JSON.stringify(name), type.name.expected);
  }
  if (type.regional === true) fillInLocation(run, inputs, old, problems);
  const id = resourceId(type.idTemplate, inputs, run.account.subscriptionId);
  type.check?.({ inputs, id, problems, plan: run.plan });
  if (id !== undefined) run.plan.add(id, type.token, inputs, Object.keys(old).length > 0);
  return problems.failures;
}
