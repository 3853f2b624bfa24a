import type { HostSpec } from "../host/bundle/host-spec.ts";
import type { Problem } from "../lib/problems.ts";
import type { DataDisk } from "./data-disk.ts";
import { MACHINE_SIZES } from "../lib/azure-sizes.ts";

/** An image of Azure's marketplace. */
export interface Image {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

/** What of a virtual machine can be judged before anything exists. */
export interface MachineFacts {
  readonly size: string;
  /** `publisher:offer:sku:version`, as `az vm image list` prints it, with a version. */
  readonly image: string;
  readonly osDiskGiB: number;
  readonly dataDisks?: readonly DataDisk[];
  readonly publicAddress?: boolean;
  readonly host: HostSpec;
}

/** Names that Azure takes for no administrator (learn.microsoft.com/azure/virtual-machines/linux/faq). */
const RESERVED = new Set(
  "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5".split(
    " ",
  ),
);

/** Largest disk of a machine with a master boot record, and of all: GiB. */
const DISK = { os: [30, 4095], data: [4, 32_767] } as const;

/** `Debian:debian-12:12-gen2:0.20250703.2162` in its parts. */
export function parseImage(text: string): Image | undefined {
  const [publisher, offer, sku, version, ...more] = text.split(":");
  if (!publisher || !offer || !sku || !version || more.length > 0) return undefined;
  return { publisher, offer, sku, version };
}

/** Everything that is wrong with a machine, before a resource is declared. */
export function machineProblems({
  size,
  image,
  osDiskGiB,
  dataDisks = [],
  publicAddress = false,
  host,
}: MachineFacts): Problem[] {
  const problems: Problem[] = [];
  const wrong = (property: string, found: string, expected: string, fix?: string): void => {
    problems.push({ property, found, expected, ...(fix !== undefined && { fix }) });
  };
  const known = MACHINE_SIZES[size];
  if (known === undefined) wrong("size", size, `one of ${Object.keys(MACHINE_SIZES).join(", ")}`);
  if (known?.gpu === true && publicAddress)
    wrong("publicAddress", `one on a machine of size ${size}`, "none: whoever reaches a model server can use it");
  const found = parseImage(image);
  if (found === undefined || !/^\d+(\.\d+)+$/.test(found.version)) {
    const [publisher = "Debian", offer = "debian-12", sku = "12-gen2"] = image.split(":");
    wrong(
      "image",
      image,
      "publisher:offer:sku:version with a version of its own, so that the same machine can be made again",
      `az vm image list --all --publisher ${publisher} --offer ${offer} --sku ${sku} --query "[].urn" --output tsv`,
    );
  }
  const disk = (property: string, value: number, [least, most]: readonly [number, number]): void => {
    if (!Number.isInteger(value) || value < least || value > most)
      wrong(property, `${String(value)} GiB`, `${String(least)} to ${String(most)} GiB`);
  };
  disk("osDiskGiB", osDiskGiB, DISK.os);
  for (const { name, sizeGiB, mount } of dataDisks) {
    disk(`dataDisks.${name}.sizeGiB`, sizeGiB, DISK.data);
    if (!/^(\/[a-z0-9][a-z0-9-]*)+$/.test(mount))
      wrong(`dataDisks.${name}.mount`, mount, "an absolute path in small letters");
  }
  for (const field of ["name", "lun", "mount"] as const) {
    const values = dataDisks.map((one) => String(one[field]));
    for (const twice of new Set(values.filter((value, index) => values.indexOf(value) !== index)))
      wrong(`dataDisks.${field}`, `${twice} twice`, "one disk each");
  }
  if (known !== undefined && dataDisks.some(({ lun }) => lun < 0 || lun >= known.dataDisks))
    wrong(
      "dataDisks.lun",
      dataDisks.map(({ lun }) => String(lun)).join(", "),
      `0 to ${String(known.dataDisks - 1)} with ${size}`,
    );
  const { deployer } = host.access;
  if (RESERVED.has(deployer)) wrong("host.access.deployer", deployer, "a name that Azure takes: garrison");
  if (administratorKeys(host).length === 0)
    wrong(`host.users.${deployer}.keys`, "no key of a kind that Azure takes", "ssh-ed25519 or ssh-rsa");
  return problems;
}

/** Keys that Azure itself wants to know; the machine's own users get theirs from the bundle. */
export function administratorKeys({ users, access }: HostSpec): string[] {
  const keys = users.find(({ name }) => name === access.deployer)?.keys ?? [];
  return keys.filter((key) => /^ssh-(ed25519|rsa) /.test(key));
}
