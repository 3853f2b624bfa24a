import type { AzurePlace, PlaceMachine, PlaceOpening } from "#components/azure/azure-place.ts";
import { code, codes, table } from "./markdown.ts";

const SOURCES: Readonly<Record<PlaceOpening["from"], string>> = {
  web: "`garrison:azure.webFrom`",
  peers: "`garrison:azure.peers`",
};

/** What a stack makes in Azure, of which size, and what outlives it. */
export function placeMachines(role: string, { machines }: AzurePlace): string {
  const rows = machines.map(({ name, size, subnet, osDiskGiB, dataDisks = [], publicAddress }) => [
    code(name),
    size,
    code(subnet),
    publicAddress === true ? "yes" : "no",
    `${osDiskGiB} GiB`,
    dataDisks.map((disk) => `${code(disk.name)}, ${disk.sizeGiB} GiB, at ${code(disk.mount)}`).join("; ") || "none",
  ]);
  return [
    "## In Azure\n",
    `The stack makes its machines itself; ${code("main")} is the one that this page is about. Data disks outlive it. Who is`,
    `let in is on [the page about networks](${role}-network.md#in-azure).\n`,
    table(["Machine", "Size", "Subnet", "Public address", "System disk", "Data disks"], rows),
  ].join("\n");
}

/** The subnets of a stack in Azure, and who may begin a connection to them. */
export function placeNetworks({ subnets, machines }: AzurePlace): string {
  const on = (subnet: string): readonly PlaceMachine[] => machines.filter((machine) => machine.subnet === subnet);
  return [
    "## In Azure\n",
    `Each subnet is a /26 of ${code("garrison:azure.network")}. Azure's rules and the machine's own let in this and`,
    "nothing else, from the same network neither.\n",
    table(
      ["Subnet", "Number", "Machines", "Way out"],
      subnets.map(({ name, number, nat }) => [
        code(name),
        String(number),
        codes(on(name).map((machine) => machine.name)),
        wayOut(nat === true, on(name)),
      ]),
    ),
    table(["Machine", "Ports", "From", "Why"], machines.flatMap(openings)),
  ].join("\n");
}

function wayOut(nat: boolean, machines: readonly PlaceMachine[]): string {
  if (nat) return "NAT gateway";
  return machines.some(({ publicAddress }) => publicAddress === true) ? "the machine's public address" : "none";
}

function openings({ name, behind, open = [] }: PlaceMachine): string[][] {
  const ssh =
    behind === undefined
      ? ["`garrison:host.operatorsFrom`, `garrison:host.deployerFrom`", "operators and deployments"]
      : [code(behind), "operators and deployments come through it"];
  return [
    [code(name), "ssh", ...ssh],
    ...open.map(({ ports, from, who, why }) => [code(name), ports.join(", "), SOURCES[from], `${who}: ${why}`]),
  ];
}
