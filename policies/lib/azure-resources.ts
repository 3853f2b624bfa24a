import type { Properties } from "./properties.ts";
import type { Resource, Stack } from "./resource.ts";
import { azure } from "./azure-types.ts";

/** The input that names a resource of a type; its output is `name`. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  [azure.disk, "diskName"],
  [azure.networkInterface, "networkInterfaceName"],
  [azure.publicAddress, "publicIpAddressName"],
  [azure.securityGroup, "networkSecurityGroupName"],
  [azure.storageAccount, "accountName"],
  [azure.subnet, "subnetName"],
  [azure.vault, "vaultName"],
]);

/**
 * A text among the inputs. Rules over a whole stack see outputs, where the provider keeps the inputs that are no part of
 * the answer, such as the group, under `__inputs`.
 */
export function inputOf({ properties }: Resource, name: string): string | undefined {
  return properties.text(name) ?? properties.object("__inputs").text(name);
}

/** The resource's own name in Azure, in lower case, as Azure compares it. */
export function azureName(resource: Resource): string | undefined {
  const property = NAMED_BY.get(resource.type) ?? "name";
  const id = resource.properties.text("id");
  return (inputOf(resource, property) ?? resource.properties.text("name") ?? lastOf(id))?.toLowerCase();
}

/** The resource group, in lower case. */
export function groupOf(resource: Resource): string | undefined {
  const group =
    inputOf(resource, "resourceGroupName") ?? segmentAfter(resource.properties.text("id"), "resourceGroups");
  return group?.toLowerCase();
}

/** The resources of a type that an id refers to; none when it is another program's. */
export function referredTo(stack: Stack, type: string, id: string | undefined): readonly Resource[] {
  if (id === undefined) return [];
  const name = lastOf(id)?.toLowerCase();
  const group = segmentAfter(id, "resourceGroups")?.toLowerCase();
  return stack.ofType(type).filter((resource) => {
    const own = groupOf(resource);
    return azureName(resource) === name && (group === undefined || own === undefined || own === group);
  });
}

/** The segment of an id that follows another, in whatever case: `/subscriptions/…/resourceGroups/<this>/…`. */
export function segmentAfter(id: string | undefined, segment: string): string | undefined {
  const segments = (id ?? "").split("/");
  const at = segments.findIndex((one) => one.toLowerCase() === segment.toLowerCase());
  return at < 0 || segments[at + 1] === "" ? undefined : segments[at + 1];
}

function lastOf(id: string | undefined): string | undefined {
  return id?.split("/").findLast((segment) => segment !== "");
}

/** Where a machine or a scale set describes the machine. */
export function profileOf(resource: Resource): Properties {
  return resource.type === azure.scaleSet ? resource.properties.object("virtualMachineProfile") : resource.properties;
}

/** Microsoft's publishers of both systems name the system in the offer: `sql2022-ubuntu2204`. */
const LINUX = /ubuntu|rhel|sles|suse|debian|linux|centos|mariner|oracle/i;

/** Whether a machine runs Windows, as far as its description says. */
export function isWindows(profile: Properties): boolean {
  const storage = profile.object("storageProfile");
  const os = profile.object("osProfile");
  const system = storage.object("osDisk").text("osType")?.toLowerCase();
  if (os.get("windowsConfiguration") !== undefined || system === "windows") return true;
  if (os.get("linuxConfiguration") !== undefined || system === "linux") return false;
  const image = storage.object("imageReference");
  if (LINUX.test(`${image.text("offer") ?? ""} ${image.text("sku") ?? ""}`)) return false;
  return /^microsoft(windows|visualstudio|sqlserver)/i.test(image.text("publisher") ?? "");
}

/** Whether two texts are the same to Azure, which compares names of values without regard to case. */
export function isText(value: string | undefined, wanted: string): boolean {
  return value?.toLowerCase() === wanted.toLowerCase();
}
