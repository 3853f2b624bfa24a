import type { KnownDifference } from "../support/official/comparison.ts";

/** Where the lab's plugins answer otherwise than the official ones, on purpose. One that no longer occurs is an error. */
export const knownDifferences: readonly KnownDifference[] = [
  ...each("command.Command", "Preview", ["archive", "assets"], {
    reason: "the lab shows them as not known before the update; it collects no files, and the estate reads neither",
  }),
  ...each("command.Command", "Diff", ["logging changed"], {
    reason: "the lab's Check refuses a word that the schema does not name; the official plugin takes any",
  }),
  ...each("command.Command", "Diff", ["triggers changed", "triggers turned round"], {
    reason:
      "1.2.1 updates for an element of the list, and replaces only for the list as a whole; the lab replaces for both",
  }),
];

function each(
  type: KnownDifference["type"],
  call: KnownDifference["call"],
  paths: readonly string[],
  { reason }: Pick<KnownDifference, "reason">,
): KnownDifference[] {
  return paths.map((path) => ({ type, call, path, reason }));
}
