import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { dataDiskParts } from "../../../../components/azure/data-disk.ts";
import { planBundle } from "../../../../components/host/bundle/plan-bundle.ts";
import { aHost } from "../host/bundle/a-host.ts";

const disks = [
  { name: "data", lun: 0, sizeGiB: 256, mount: "/data" },
  { name: "models", lun: 1, sizeGiB: 1024, mount: "/models" },
];

test("each disk is mounted at every start, before Docker, by a unit that the machine takes", () => {
  const { files, units } = dataDiskParts(disks);
  const bundle = planBundle(aHost({ files, units }));
  expect(bundle.enabled).toEqual(expect.arrayContaining(["garrison-data-0.service", "garrison-data-1.service"]));
  expect(units[1]?.service?.ExecStart).toBe("/usr/local/lib/garrison/data-disk 1 /models");
  expect(units[0]?.unit.Before).toBe("docker.service");
});

test("a machine without disks gets nothing", () => {
  expect(dataDiskParts([])).toEqual({ files: [], units: [] });
});

test("a disk that is not there is told, and nothing is made", () => {
  const script = dataDiskParts(disks).files[0]?.content ?? "";
  expect(() => execFileSync("sh", ["-s", "7", "/nowhere"], { input: script, stdio: "pipe" })).toThrow(
    "garrison: no data disk 7 on this machine",
  );
});
