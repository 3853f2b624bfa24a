/** Rules for a virtual machine that need no other resource. The limits are those of the declarations' own documentation. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type { Checking } from "../core/azure-type.ts";
import type { Problems } from "../core/problems.ts";
import { at, isMissing, list, number, text } from "../core/values.ts";
import { findSize, vmSizes, type VmSize } from "./sizes.ts";

const forbiddenAdministrators = new Set(
  (
    "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david " +
    "guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5"
  ).split(" "),
);

const largestCustomData = 65_535;
/** What the images of Ubuntu and Debian in Azure's market place are made for. */
const smallestOsDisk = 30;
const largestOsDisk = 4095;

export function checkMachine({ inputs, problems }: Checking): void {
  const size = checkSize(inputs, problems);
  checkImage(inputs, size, problems);
  checkOsDisk(inputs, problems);
  checkDataDisks(inputs, size, problems);
  checkInterfaces(inputs, size, problems);
  checkSystem(inputs, problems);
  checkSecurity(inputs, problems);
  if (list(inputs, "zones").length > 1) problems.add("zones", "several", "one zone, or none");
}

function checkSize(inputs: Properties, problems: Problems): VmSize | undefined {
  if (isMissing(inputs, "hardwareProfile", "vmSize")) {
    problems.add("hardwareProfile.vmSize", "missing", "the name of a size");
    return undefined;
  }
  const name = text(inputs, "hardwareProfile", "vmSize");
  if (name === undefined) return undefined;
  const size = findSize(name);
  if (size === undefined) {
    const known = vmSizes.map((one) => one.name).join(", ");
    problems.add("hardwareProfile.vmSize", JSON.stringify(name), `one of the sizes that the lab knows: ${known}`);
  }
  return size;
}

function checkImage(inputs: Properties, size: VmSize | undefined, problems: Problems): void {
  const image = at(inputs, "storageProfile", "imageReference");
  if (image === undefined) {
    if (isMissing(inputs, "storageProfile", "imageReference")) {
      problems.add("storageProfile.imageReference", "missing", "publisher, offer, sku and version of an image");
    }
    return;
  }
  for (const part of ["publisher", "offer", "sku", "version"]) {
    if (isMissing(image, part)) problems.add(`storageProfile.imageReference.${part}`, "missing", `the image's ${part}`);
  }
  const sku = text(image, "sku") ?? "";
  const trusted = text(inputs, "securityProfile", "securityType") === "TrustedLaunch";
  if (sku.includes("gen1") && (trusted || size?.generations.includes(1) === false)) {
    const needs = trusted ? "as Trusted Launch needs" : `as ${size?.name ?? ""} needs`;
    problems.add("storageProfile.imageReference.sku", JSON.stringify(sku), `an image of generation 2, ${needs}`);
  }
  for (const other of ["id", "communityGalleryImageId", "sharedGalleryImageId"]) {
    if (!isMissing(image, other)) {
      problems.add(`storageProfile.imageReference.${other}`, "set", "an image of the market place");
    }
  }
}

function checkOsDisk(inputs: Properties, problems: Problems): void {
  if (isMissing(inputs, "storageProfile", "osDisk")) {
    problems.add("storageProfile.osDisk", "missing", 'createOption "FromImage"');
  }
  const option = text(inputs, "storageProfile", "osDisk", "createOption");
  if (option !== undefined && option !== "FromImage") {
    problems.add("storageProfile.osDisk.createOption", option, "FromImage");
  }
  const gib = number(inputs, "storageProfile", "osDisk", "diskSizeGB");
  if (gib !== undefined && !(Number.isInteger(gib) && gib >= smallestOsDisk && gib <= largestOsDisk)) {
    const expected = `a whole number from ${String(smallestOsDisk)}, the size of the image, to ${String(largestOsDisk)}`;
    problems.add("storageProfile.osDisk.diskSizeGB", String(gib), expected);
  }
}

function checkDataDisks(inputs: Properties, size: VmSize | undefined, problems: Problems): void {
  const disks = list(inputs, "storageProfile", "dataDisks");
  if (size !== undefined && disks.length > size.dataDisks) {
    problems.add(
      "storageProfile.dataDisks",
      String(disks.length),
      `at most ${String(size.dataDisks)} with ${size.name}`,
    );
  }
  const numbers = disks.map((one) => number(one, "lun"));
  disks.forEach((one, index) => {
    const property = `storageProfile.dataDisks[${String(index)}]`;
    const lun = numbers[index];
    if (lun !== undefined && !(Number.isInteger(lun) && lun >= 0 && lun < (size?.dataDisks ?? 64))) {
      problems.add(`${property}.lun`, String(lun), `a number from 0 to ${String((size?.dataDisks ?? 64) - 1)}`);
    }
    if (lun !== undefined && numbers.indexOf(lun) < index) {
      problems.add(`${property}.lun`, String(lun), "a number that no other disk of the machine has");
    }
    const option = text(one, "createOption");
    if (option !== undefined && option !== "Attach") {
      problems.add(
        `${property}.createOption`,
        option,
        "Attach: the lab attaches disks that are resources of their own",
      );
    }
    if (isMissing(one, "managedDisk") || isMissing(at(one, "managedDisk") ?? { id: "" }, "id")) {
      problems.add(`${property}.managedDisk.id`, "missing", "the id of a disk");
    }
  });
}

function checkInterfaces(inputs: Properties, size: VmSize | undefined, problems: Problems): void {
  const interfaces = at(inputs, "networkProfile", "networkInterfaces");
  if (
    isMissing(inputs, "networkProfile", "networkInterfaces") ||
    (Array.isArray(interfaces) && interfaces.length === 0)
  ) {
    problems.add("networkProfile.networkInterfaces", "missing", "the id of an interface");
  }
  const count = list(inputs, "networkProfile", "networkInterfaces").length;
  if (size !== undefined && count > size.interfaces) {
    problems.add(
      "networkProfile.networkInterfaces",
      String(count),
      `at most ${String(size.interfaces)} with ${size.name}`,
    );
  } else if (count > 1) {
    problems.add("networkProfile.networkInterfaces", String(count), "one: a lab's machine has one link");
  }
}

function checkSystem(inputs: Properties, problems: Problems): void {
  const profile = at(inputs, "osProfile");
  if (profile === undefined) {
    if (isMissing(inputs, "osProfile")) problems.add("osProfile", "missing", "computerName, adminUsername and a key");
    return;
  }
  for (const name of ["computerName", "adminUsername"]) {
    if (isMissing(profile, name)) problems.add(`osProfile.${name}`, "missing", "a name");
  }
  const computer = text(profile, "computerName");
  if (computer !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/.test(computer)) {
    problems.add("osProfile.computerName", JSON.stringify(computer), "1 to 64 letters, digits and hyphens");
  }
  const administrator = text(profile, "adminUsername");
  if (administrator !== undefined) checkAdministrator(administrator, problems);
  const customData = text(profile, "customData");
  if (customData !== undefined) checkCustomData(customData, problems);
  if (at(profile, "requireGuestProvisionSignal") === false) {
    problems.add("osProfile.requireGuestProvisionSignal", "false", "true, or nothing");
  }
  checkKeys(profile as Properties, administrator, problems);
}

function checkAdministrator(name: string, problems: Problems): void {
  if (forbiddenAdministrators.has(name.toLowerCase())) {
    problems.add("osProfile.adminUsername", JSON.stringify(name), "a name that Azure does not keep for itself");
  } else if (!/^[a-z_][a-z0-9_-]{0,63}$/.test(name)) {
    problems.add(
      "osProfile.adminUsername",
      JSON.stringify(name),
      "1 to 64 lower-case letters, digits, hyphens and underscores",
    );
  }
}

/** Tells sizes only: the text is a secret. */
function checkCustomData(value: string, problems: Problems): void {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
    problems.add("osProfile.customData", "no Base64", "Base64 of a cloud-init document");
    return;
  }
  const bytes = Buffer.from(value, "base64").length;
  if (bytes > largestCustomData) {
    problems.add("osProfile.customData", `${String(bytes)} bytes when decoded`, `at most ${String(largestCustomData)}`);
  }
}

function checkKeys(profile: Properties, administrator: string | undefined, problems: Problems): void {
  const own = "osProfile.linuxConfiguration";
  const linux = at(profile, "linuxConfiguration");
  if (linux === undefined && !isMissing(profile, "linuxConfiguration")) return;
  if (isMissing(linux ?? {}, "disablePasswordAuthentication") || at(linux, "disablePasswordAuthentication") === false) {
    problems.add(`${own}.disablePasswordAuthentication`, "off", "true: the lab's machines admit keys only");
  }
  const keys = at(linux, "ssh", "publicKeys");
  if (isMissing(linux ?? {}, "ssh", "publicKeys") || (Array.isArray(keys) && keys.length === 0)) {
    problems.add(`${own}.ssh.publicKeys`, "missing", "at least one key, as passwords are off");
  }
  list(linux, "ssh", "publicKeys").forEach((key, index) => {
    const property = `${own}.ssh.publicKeys[${String(index)}]`;
    const path = text(key, "path");
    const home = `/home/${administrator ?? "<adminUsername>"}/.ssh/authorized_keys`;
    if (path !== undefined && administrator !== undefined && path !== home) {
      problems.add(`${property}.path`, JSON.stringify(path), home);
    }
    const data = text(key, "keyData");
    if (data !== undefined && !/^(ssh-rsa|ssh-ed25519) AAAA[A-Za-z0-9+/=]+/.test(data.trim())) {
      problems.add(`${property}.keyData`, "no such key", "a public key of type ssh-rsa or ssh-ed25519");
    }
  });
}

function checkSecurity(inputs: Properties, problems: Problems): void {
  const type = text(inputs, "securityProfile", "securityType");
  const uefi = at(inputs, "securityProfile", "uefiSettings");
  if (uefi !== undefined && isMissing(inputs, "securityProfile", "securityType")) {
    problems.add("securityProfile.securityType", "missing", "TrustedLaunch, as uefiSettings are given");
  }
  if (type === "ConfidentialVM") {
    problems.add(
      "securityProfile.securityType",
      type,
      "TrustedLaunch or Standard: no size of the lab's table is confidential",
    );
  }
}
