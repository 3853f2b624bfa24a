import { expect, test } from "vitest";
import { machineProblems, parseImage } from "#components/azure/machine-problems.ts";
import type { MachineFacts } from "#components/azure/machine-problems.ts";
import { aHost } from "../host/bundle/a-host.ts";

const disk = { name: "data", lun: 0, sizeGiB: 256, mount: "/data" };
const aMachine: MachineFacts = {
  size: "Standard_F16s_v2",
  image: "Debian:debian-12:12-gen2:0.20230612.1409",
  osDiskGiB: 256,
  dataDisks: [disk],
  publicAddress: true,
  host: aHost(),
};
const properties = (changes: Partial<MachineFacts>) =>
  machineProblems({ ...aMachine, ...changes }).map(({ property }) => property);

test("a machine in order has no problem", () => {
  expect(machineProblems(aMachine)).toEqual([]);
});

const host = aHost();
const named = (name: string, keys: readonly string[]) =>
  aHost({ access: { ...host.access, deployer: name }, users: [{ name, uid: 1501, sudo: true, keys }] });
const ed25519 = host.users[1]?.keys ?? [];

test.each<[string, Partial<MachineFacts>, string[]]>([
  ["a size that nobody knows", { size: "Standard_F16sv2" }, ["size"]],
  ["a GPU with a public address", { size: "Standard_NC24ads_A100_v4" }, ["publicAddress"]],
  ["the newest image, whatever it is", { image: "Debian:debian-12:12-gen2:latest" }, ["image"]],
  ["half an image", { image: "Debian:debian-12" }, ["image"]],
  ["a small system disk", { osDiskGiB: 16 }, ["osDiskGiB"]],
  ["a disk of no size", { dataDisks: [{ ...disk, sizeGiB: 0 }] }, ["dataDisks.data.sizeGiB"]],
  ["a mount that is no path", { dataDisks: [{ ...disk, mount: "data" }] }, ["dataDisks.data.mount"]],
  ["two disks of a number", { dataDisks: [disk, { ...disk, name: "other", mount: "/other" }] }, ["dataDisks.lun"]],
  ["more disks than fit", { size: "Standard_B2s", dataDisks: [{ ...disk, lun: 4 }] }, ["dataDisks.lun"]],
  ["a name that Azure keeps", { host: named("admin", ed25519) }, ["host.access.deployer"]],
  [
    "no key that Azure takes",
    { host: named("deploy", [`ecdsa-sha2-nistp256 ${"A".repeat(68)}`]) },
    ["host.users.deploy.keys"],
  ],
])("%s is refused", (_, changes, expected) => {
  expect(properties(changes)).toEqual(expected);
});

test("everything is told at once, and an image with the command that lists the others", () => {
  const all = machineProblems({ ...aMachine, size: "big", image: "Debian:debian-12:12-gen2:latest", osDiskGiB: 1 });
  expect(all.map(({ property }) => property)).toEqual(["size", "image", "osDiskGiB"]);
  expect(all[1]?.fix).toMatch(/^az vm image list --all --publisher Debian --offer debian-12 --sku 12-gen2 /);
});

test("an image has four parts", () => {
  expect(parseImage(aMachine.image)).toEqual({
    publisher: "Debian",
    offer: "debian-12",
    sku: "12-gen2",
    version: "0.20230612.1409",
  });
  expect(parseImage("a:b:c:d:e")).toBe(undefined);
});
