/** Calls a provider's RPCs without an engine or a socket. */
import { fromStruct, openSecrets, toStruct, type Properties } from "@garrison/helpers/pulumi/values.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ProviderDefinition } from "#provider/definition.ts";
import { markerKey } from "#provider/marker.ts";
import { check, diff } from "#provider/resource-rpcs.ts";

/** A plugin of any settings: the calls here reach no hook that uses them. */
type AnyProvider = Pick<ProviderDefinition<never>, "name" | "version" | "schema" | "resources">;

export function urnOf(token: string): string {
  return `urn:pulumi:test::probe::${token}::it`;
}

export function asked(provider: AnyProvider, token: string) {
  const plugin = provider as ProviderDefinition<never>;
  const checked = (inputs: Properties, old: Properties = {}) => {
    const request = new messages.CheckRequest().setUrn(urnOf(token)).setRandomseed(new Uint8Array([1, 2, 3]));
    request.setNews(toStruct(inputs)).setOlds(toStruct(old));
    return check(plugin, request);
  };
  return {
    check: (inputs: Properties) =>
      checked(inputs)
        .getFailuresList()
        .map((failure) => failure.toObject()),
    checkedInputs: (inputs: Properties, old?: Properties) => fromStruct(checked(inputs, old).getInputs()),
    sealedByCheck: (inputs: Properties) =>
      openSecrets(fromStruct(checked(inputs).getInputs())).secrets.map(([name]) => String(name)),
    diff: (before: Properties, after: Properties) => {
      const request = new messages.DiffRequest().setUrn(urnOf(token));
      request.setOlds(toStruct({ [markerKey]: `${provider.name}@${provider.version}` }));
      request.setOldInputs(toStruct(before)).setNews(toStruct(after));
      const response = diff(plugin, request);
      return {
        changed: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: response.getReplacesList(),
        paths: [...response.getDetaileddiffMap().keys()],
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
  };
}
