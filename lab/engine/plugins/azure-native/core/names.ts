import { isUnknown } from "@garrison/helpers/pulumi/values.ts";
import type { AzureType, NameRule } from "./azure-type.ts";
import { idInputs } from "./ids.ts";
import type { Problems } from "./problems.ts";

/** The input that names the resource. */
export function nameInput({ idTemplate }: AzureType): string {
  return idInputs(idTemplate).at(-1) ?? "";
}

/** Whether the name that a resource is given belongs to it alone: then a second one can be made before the first goes. */
export function isRandomlyNamed(type: AzureType): boolean {
  return type.name.guid === true || !isPart(type);
}

/**
 * As the official plugin makes names: a GUID where the name has to be one, the logical name itself for the parts of
 * another resource, and else the logical name with eight hexadecimal digits.
 *
 * @param digest hexadecimal digits, the same in preview and deployment
 */
export function madeName(type: AzureType, logicalName: string, digest: string): string {
  if (type.name.guid === true) {
    const parts = [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20)];
    return [...parts, digest.slice(20, 32)].join("-");
  }
  return isPart(type) ? logicalName : `${logicalName}${digest.slice(0, 8)}`;
}

/** Whether more than one name follows the namespace. */
function isPart({ idTemplate }: AzureType): boolean {
  const [, path] = idTemplate.split("/providers/");
  return path !== undefined && idInputs(path).length > 1;
}

/** Letters, digits and a few signs; begins with a letter or digit, ends with one or an underscore. */
export function networkName(longest: number, shortest = 1): NameRule {
  const pattern =
    shortest === 1
      ? new RegExp(`^[A-Za-z0-9]([\\w.-]{0,${String(longest - 2)}}\\w)?$`)
      : new RegExp(`^[A-Za-z0-9][\\w.-]{${String(shortest - 2)},${String(longest - 2)}}\\w$`);
  return {
    pattern,
    expected:
      `${String(shortest)} to ${String(longest)} letters, digits, underscores, periods and hyphens, ` +
      "beginning with a letter or digit and ending with one of them or an underscore",
  };
}

const partName = networkName(80);

/** The name of a part that another resource lists: a rule of a group, a subnet of a network. */
export function judgeName(part: unknown, prefix: string, problems: Problems): void {
  const { name } = part as { readonly name?: unknown };
  if (name === undefined) problems.add(`${prefix}name`, "missing", "a name");
  else if (typeof name === "string" && !isUnknown(name) && !partName.pattern.test(name))
    problems.add(`${prefix}name`, JSON.stringify(name), partName.expected);
}
