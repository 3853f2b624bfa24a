import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import type { MockResourceResult, Mocks } from "@pulumi/pulumi/runtime/mocks.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

type Answer = (error: unknown, response: unknown) => void;
type Values = Readonly<Record<string, unknown>>;

/** The SDK exports this, but without a type. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> };

/** What the SDK believes that the engine can do; exported without a type too. */
const { getStore: store } = state as unknown as { getStore: () => { supportsDeletedWith: boolean } };

/** A resource as the engine would have been asked for it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Name of the parent; empty at the top. */
  readonly parent: string;
  /** Name of the provider that was given; empty for the default provider. */
  readonly provider: string;
  readonly inputs: Values;
  /** Outputs of a component, as it registered them. */
  readonly outputs: Values | undefined;
  /** Names of what it waits for. */
  readonly dependsOn: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
  /** Name of the resource that it ends with; empty for none. */
  readonly deletedWith: string;
  /** It is made again where this changes. */
  readonly replacementTrigger: unknown;
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
}

/** Stands in for the engine and keeps every request, options included. Refuses a name twice, as the engine does. */
class RecordingMonitor extends MockMonitor {
  readonly requests: RegisterResourceRequest[] = [];
  readonly outputs = new Map<string, Values>();
  readonly duplicates: string[] = [];
  readonly #seen = new Set<string>();

  override async registerResource(request: RegisterResourceRequest, answer: Answer): Promise<void> {
    const urn = [request.getParent(), request.getType(), request.getName()].join("::");
    if (this.#seen.has(urn)) this.duplicates.push(`${request.getType()} ${request.getName()}`);
    this.#seen.add(urn);
    this.requests.push(request);
    await super.registerResource(request, answer);
  }

  override registerResourceOutputs(request: RegisterResourceOutputsRequest, answer: Answer): void {
    this.outputs.set(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
    super.registerResourceOutputs(request, answer);
  }
}

/** What providers add to the inputs of a resource, by its type or its name. */
export type Outputs = Readonly<Record<string, Values>>;

const mocksWith = (outputs: Outputs): Mocks => ({
  call: () => ({}),
  newResource: ({ type, name, inputs, custom }): MockResourceResult => ({
    id: custom === true ? `${name}-id` : undefined,
    state: { ...(inputs as Values), ...outputs[type], ...outputs[name] },
  }),
});

/** Runs a program and returns what it registered, in order. @throws on a resource that is declared twice */
export async function record(program: () => void, outputs: Outputs = {}): Promise<readonly Registration[]> {
  const mocks = mocksWith(outputs);
  await pulumi.runtime.setMocks(mocks, "garrison", "test");
  const monitor = new RecordingMonitor(mocks);
  pulumi.runtime.setMockOptions(monitor, "garrison", "test");
  store().supportsDeletedWith = true;
  program();
  await waitForRPCs();
  if (monitor.duplicates.length > 0) throw new Error(`declared twice: ${monitor.duplicates.join(", ")}`);
  return monitor.requests.map((request) => registration(request, monitor));
}

function registration(request: RegisterResourceRequest, monitor: RecordingMonitor): Registration {
  const [urn] = [...monitor.resources.keys()].filter((key) =>
    key.endsWith(`${request.getType()}::${request.getName()}`),
  );
  return {
    type: request.getType(),
    name: request.getName(),
    parent: nameIn(request.getParent()),
    provider: nameIn(request.getProvider()),
    inputs: request.getObject()?.toJavaScript() ?? {},
    outputs: urn === undefined ? undefined : monitor.outputs.get(urn),
    dependsOn: request.getDependenciesList().map(nameIn).sort(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replaceOnChanges: request.getReplaceonchangesList(),
    retainOnDelete: request.getRetainondelete() === true,
    protect: request.getProtect() === true,
    deletedWith: nameIn(request.getDeletedwith()),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

/** `urn:pulumi:stack::project::type::name[::id]` */
function nameIn(urn: string): string {
  return urn.split("::")[3] ?? "";
}
