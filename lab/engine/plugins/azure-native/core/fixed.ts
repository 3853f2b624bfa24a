import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { differences, pathText } from "#provider/diff.ts";
import type { AzureType } from "./azure-type.ts";
import { concerns } from "./paths.ts";
import { ArmError } from "./problems.ts";

/**
 * Azure refuses to change some properties of what is there, and the official plugin asks it to all the same. The program
 * can have the resource made anew instead.
 *
 * @throws ArmError with every property in question
 */
export function refuseFixed(type: AzureType, before: Properties, after: Properties): void {
  const fixed = Object.entries(type.fixed ?? {});
  const refused = differences(before, after).flatMap((difference) => {
    const found = fixed.find(([path]) => concerns(path, difference));
    return found === undefined ? [] : [{ path: found[0], code: found[1] }];
  });
  const [first] = refused;
  if (first === undefined) return;
  const paths = [...new Set(refused.map(({ path }) => path))];
  const told = paths.map((path) => `'${pathText(path.split("."))}'`).join(", ");
  throw new ArmError(
    first.code,
    `Changing property ${told} is not allowed. To have the resource made anew, give it the option ` +
      `replaceOnChanges: [${paths.map((path) => JSON.stringify(path)).join(", ")}], and deleteBeforeReplace: true when its name is fixed.`,
  );
}
