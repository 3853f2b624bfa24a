/** The answer to Diff: what changed, what of it replaces, and in which order. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ResourceDefinition } from "./definition.ts";
import { differences, pathText, type Difference } from "./diff.ts";
import { replacesOnChange, type ProviderSchema, type ResourceSchema } from "./schema.ts";

const { Kind } = messages.PropertyDiff;
const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

export function diffResponse<S>(
  schema: ProviderSchema,
  type: { definition: ResourceDefinition<S>; schema: ResourceSchema },
  { before, after, state }: { before: Properties; after: Properties; state: Properties },
): messages.DiffResponse {
  const { definition } = type;
  const changed = differences(before, after, definition.sets);
  const response = new messages.DiffResponse();
  const replaced = new Set<string>();
  for (const difference of changed) {
    const replaces = definition.replaces?.(difference) ?? forcesReplacement(schema, type.schema, difference);
    if (replaces) replaced.add(String(difference.path[0]));
    const detail = new messages.PropertyDiff();
    detail.setInputdiff(true);
    detail.setKind(kinds[difference.kind][replaces ? 1 : 0]);
    response.getDetaileddiffMap().set(pathText(difference.path), detail);
  }
  const outdated = definition.outdated?.(state, after) ?? [];
  for (const name of outdated) {
    replaced.add(name);
    response.getDetaileddiffMap().set(name, new messages.PropertyDiff().setKind(Kind.UPDATE_REPLACE));
  }
  const names = new Set([...changed.map(({ path }) => String(path[0])), ...outdated]);
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setHasdetaileddiff(true);
  response.setChanges(names.size > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...names]);
  response.setReplacesList([...replaced]);
  if (replaced.size > 0) response.setDeletebeforereplace(definition.deleteBeforeReplace?.(before, after) ?? false);
  return response;
}

function forcesReplacement(schema: ProviderSchema, resource: ResourceSchema, { path, before, after }: Difference) {
  return replacesOnChange(schema, resource, path, before) || replacesOnChange(schema, resource, path, after);
}
