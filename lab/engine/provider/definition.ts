/** What a plugin says about itself; the shared server does the rest. */
import type { Properties, ValuePath } from "@garrison/helpers/pulumi/values.ts";
import type { CheckFailure, Unsupported } from "./check.ts";
import type { Difference } from "./diff.ts";
import type { ProviderSchema } from "./schema.ts";

/** What a hook knows about the call it serves. `Settings` is what the plugin's `configure` made. */
export interface Context<Settings> {
  readonly urn: string;
  /** The resource's logical name. */
  readonly name: string;
  readonly settings: Settings;
  /** Aborted on cancellation, on the resource's own timeout and when the engine is gone; `reason` is an Error that says which. */
  readonly signal: AbortSignal;
  /** Paths of the inputs that arrived as secrets (hooks see plain values). */
  readonly secrets: readonly ValuePath[];
  /** Shows a line beside the resource; a transient one is replaced by the next. */
  log(message: string, options?: { severity?: "debug" | "info" | "warning" | "error"; transient?: boolean }): void;
}

export interface Created {
  readonly id: string;
  /** Outputs beyond the inputs. */
  readonly outputs: Properties;
}

export interface ReadState {
  /** When it differs from the one asked for. */
  readonly id?: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
}

/** One resource type. Hooks get and return plain values: the server opens and seals secrets. */
export interface ResourceDefinition<Settings, Inputs = Properties> {
  /** The input that gets a name made from the logical one when it is not set. */
  readonly nameProperty?: string;
  /**
   * Makes that name; with a dash and seven hexadecimal digits unless it is given.
   *
   * @param digest hexadecimal digits, the same in preview and deployment
   */
  readonly makeName?: (logicalName: string, digest: string) => string;
  /** List inputs whose order means nothing. */
  readonly sets?: readonly string[];
  /** Properties that Check refuses, with the reason. */
  readonly unsupported?: Unsupported;
  /** Rules beyond the schema's. May change `inputs` (fill in defaults). */
  check?(inputs: Inputs, old: Properties): readonly CheckFailure[];
  /** Whether the change forces a replacement; without it the schema decides. */
  replaces?(difference: Difference): boolean;
  /** Names of outputs that time alone has made wrong: the resource is replaced although no input changed. */
  outdated?(state: Properties, inputs: Inputs): readonly string[];
  deleteBeforeReplace?(old: Properties, inputs: Inputs): boolean;
  /** Outputs that are known before creation; all other computed ones are unknown in a preview. */
  previewCreate?(inputs: Inputs): Properties;
  /** Inputs that the provider reads back: Diff compares the program with what was read, not with what it was given. */
  readonly readBack?: readonly string[];
  /** Throws when the service would refuse the change, in a preview already. */
  refuseUpdate?(change: { oldInputs: Inputs; inputs: Inputs }): void;
  /** Names of outputs that an update changes to something that only the update can tell. */
  unknownOnUpdate?(changed: ReadonlySet<string>): readonly string[];
  create(inputs: Inputs, context: Context<Settings>): Promise<Created>;
  /** The resource as it is; undefined when it is gone. `inputs` is empty on import. Without it the state is taken as true. */
  read?(
    id: string,
    old: { outputs: Properties; inputs: Inputs },
    context: Context<Settings>,
  ): Promise<ReadState | undefined>;
  /** Outputs that changed. Called as well to repair a resource whose creation failed half-way. */
  update?(
    id: string,
    change: { oldOutputs: Properties; oldInputs: Inputs; inputs: Inputs },
    context: Context<Settings>,
  ): Promise<Properties>;
  delete?(id: string, old: { outputs: Properties; inputs: Inputs }, context: Context<Settings>): Promise<void>;
}

export interface ProviderDefinition<Settings> {
  readonly name: string;
  readonly version: string;
  readonly schema: ProviderSchema;
  /** By type token: `docker:index/container:Container`. */
  readonly resources: Readonly<Record<string, ResourceDefinition<Settings>>>;
  /** By function token. */
  readonly invokes?: Readonly<
    Record<string, (args: Properties, context: Omit<Context<Settings>, "urn" | "name">) => Promise<Properties>>
  >;
  readonly unsupportedConfig?: Unsupported;
  /** Where it behaves otherwise than the official plugin; sentences for the reference page. */
  readonly notes?: readonly string[];
  checkConfig?(config: Properties): readonly CheckFailure[];
  /** Turns the provider's configuration into what the hooks need. Opens no connection: a preview must work offline. */
  configure(config: Properties): Settings;
}

/** `docker.Container` for `docker:index/container:Container`. */
export function typeLabel(token: string): string {
  const [provider = "", module = "", type = ""] = token.split(":");
  const folder = module.split("/")[0] ?? "";
  return folder === "index" || folder === "" ? `${provider}.${type}` : `${provider}.${folder}.${type}`;
}
