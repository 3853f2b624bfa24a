/** Making and changing: first the state, then the host. Removing goes the other way round (`removal.ts`). */
import { isDeepStrictEqual } from "node:util";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type { Context, Created, ReadState } from "#provider/definition.ts";
import { machineFact } from "../facts/machine.ts";
import { networkFacts } from "../facts/network.ts";
import { admit, requireGroup } from "./admission.ts";
import type { AzureType, Wanted } from "./azure-type.ts";
import type { Entry, OpenState } from "./state.ts";
import { armType, resourceId } from "./ids.ts";
import { located } from "./location.ts";
import { commonOutputs } from "./outputs.ts";
import { ArmError } from "./problems.ts";
import { removeWithParts } from "./removal.ts";
import type { Run } from "./run.ts";
import { number, text, without } from "./values.ts";

type AzureContext = Context<undefined>;

export async function createResource(
  run: Run,
  type: AzureType,
  inputs: Properties,
  context: AzureContext,
): Promise<Created> {
  const id = resourceId(type.idTemplate, inputs, run.account.subscriptionId);
  if (id === undefined) throw new Error(`a part of the id ${type.idTemplate} is missing`);
  const entry = await run.store().change(async (state) => {
    const before = state.find(id);
    refuseExisting(run, before, context.urn);
    const pending = type.effect === "machine";
    const made = await record(run, type, state, { id, inputs, before, pending }, context);
    await orRestore(state, made, before, () => makeReal(run, type, state, made, context));
    return made;
  });
  if (type.effect === "machine") await makeMachine(run, entry, inputs, context);
  return { id, outputs: entry.outputs };
}

/**
 * The official plugin makes nothing that is there. What was made for the same resource of the program, and the engine has
 * never heard of, is of a run that was cut off before it could tell.
 */
function refuseExisting(run: Run, before: Entry | undefined, urn: string): void {
  if (before === undefined) return;
  if (before.urn === urn && (before.pending === true || !run.plan.wasKnown(before.id))) return;
  throw new ArmError(undefined, `cannot create already existing resource '${before.id}'`);
}

export async function readResource(
  run: Run,
  type: AzureType,
  { id, inputs }: { id: string; inputs: Properties },
  context: AzureContext,
): Promise<ReadState | undefined> {
  if (Object.keys(inputs).length === 0) {
    throw new ArmError(undefined, `${id} cannot be imported: the lab's Azure has nothing but what a program has made`);
  }
  const state = await run.store().look();
  const entry = state.find(id);
  if (entry === undefined || entry.pending === true) return undefined;
  if (type.effect === "machine" && (await (await openFabric(run, context)).findMachine(key(id))) === undefined) {
    // The state follows what is there: an interface must not stay in use by a machine that is gone.
    await run.store().change((open) => open.remove(id));
    return undefined;
  }
  return { inputs, outputs: outputsOf(run, type, { id, inputs: entry.inputs, before: entry }, state) };
}

export async function updateResource(
  run: Run,
  type: AzureType,
  { id, inputs }: { id: string; inputs: Properties },
  context: AzureContext,
): Promise<Properties> {
  return run.store().change(async (state) => {
    const before = state.find(id);
    if (before === undefined) {
      throw new ArmError("ResourceNotFound", `${id} is not there any more; run pulumi refresh, then the same again`);
    }
    const made = await record(run, type, state, { id, inputs, before, pending: false }, context);
    await orRestore(state, made, before, async () => {
      await makeReal(run, type, state, made, context);
      if (type.effect === "machine") await changeMachine(run, before, made, context);
    });
    return made.outputs;
  });
}

export async function deleteResource(run: Run, id: string, context: AzureContext): Promise<void> {
  await run.store().change(async (state) => {
    if (state.find(id) !== undefined) await removeWithParts(state, id, () => openFabric(run, context));
  });
}

async function record(
  run: Run,
  type: AzureType,
  state: OpenState,
  made: { id: string; inputs: Properties; before: Entry | undefined; pending: boolean },
  { urn }: AzureContext,
): Promise<Entry> {
  const { id, before, pending } = made;
  requireGroup(id, state);
  const inputs = type.regional === true ? located(made.inputs, id, state) : made.inputs;
  // A machine is made anew, also over what a run that was cut off has left: nothing of it is kept.
  const kept = pending ? undefined : before;
  const wanted: Wanted = { id, inputs, account: run.account, ...(kept === undefined ? {} : { before: kept }) };
  admit(type, wanted, state);
  const entry: Entry = {
    id,
    token: type.token,
    type: armType(type.idTemplate),
    urn,
    inputs: without(inputs, ["__defaults", ...(type.secrets ?? [])]),
    outputs: outputsOf(run, type, wanted, state),
    ...(pending ? { pending } : {}),
  };
  await state.put(entry);
  return entry;
}

function outputsOf(
  run: Run,
  type: AzureType,
  wanted: Omit<Wanted, "account">,
  state: Parameters<NonNullable<AzureType["outputs"]>>[1],
): Properties {
  const all: Wanted = { ...wanted, account: run.account };
  const { location } = wanted.inputs;
  return {
    ...commonOutputs(run, type, wanted.inputs, wanted.id),
    ...(type.regional === true ? { location } : {}),
    ...type.outputs?.(all, state),
  };
}

async function makeReal(
  run: Run,
  { effect }: AzureType,
  state: OpenState,
  entry: Entry,
  context: AzureContext,
): Promise<void> {
  if (effect === "network") await (await openFabric(run, context)).applyNetwork(networkFacts(state));
  if (effect === "disk") {
    const sizeGiB = number(entry.inputs, "diskSizeGB") ?? 0;
    await (await openFabric(run, context)).ensureDisk({ id: key(entry.id), sizeGiB });
  }
}

/** Not under the lock of the state: machines are made side by side. */
async function makeMachine(run: Run, entry: Entry, inputs: Properties, context: AzureContext): Promise<void> {
  const fabric = await openFabric(run, context);
  const customData = text(inputs, "osProfile", "customData");
  try {
    const fact = machineFact(entry, customData);
    await fabric.createMachine(fact, fabricContext(context));
  } catch (error) {
    await run.store().change(async (open) => {
      await fabric.removeMachine(key(entry.id));
      await open.remove(entry.id);
    });
    throw error;
  }
  await run.store().change(async (open) => {
    await open.put({ ...entry, pending: false });
  });
}

async function changeMachine(run: Run, before: Entry, after: Entry, context: AzureContext): Promise<void> {
  const fact = machineFact(after);
  if (isDeepStrictEqual(fact, machineFact(before))) return;
  await (await openFabric(run, context)).updateMachine(fact, fabricContext(context));
}

/** What could not be made is not in the state either. */
async function orRestore(
  state: OpenState,
  made: Entry,
  before: Entry | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (before === undefined) await state.remove(made.id);
    else await state.put(before);
    throw error;
  }
}

function openFabric(run: Run, context: AzureContext) {
  return run.fabric(teller(context));
}

function fabricContext(context: AzureContext) {
  return { signal: context.signal, tell: teller(context) };
}

function teller(context: AzureContext) {
  return (detail: string): void => {
    context.log(detail, { transient: true });
  };
}

/** The fabric knows ids in lower case. */
function key(id: string): string {
  return id.toLowerCase();
}
