import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dataDiskParts } from "#components/azure/data-disk.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
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

describe("of the real blkid and mkfs", () => {
  let directory: string;
  let disk: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "garrison-disk-"));
    disk = join(directory, "lun7");
    writeFileSync(disk, Buffer.alloc(16 * 1024 ** 2));
    for (const program of ["systemctl", "systemd-escape"]) {
      writeFileSync(join(directory, program), "#!/bin/sh\necho mounted\n", { mode: 0o755 });
    }
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** The script, with a file in the place of the machine's disk. */
  function run(): string {
    const script = dataDiskParts(disks)
      .files[0]?.content.replace("/dev/disk/azure/data/by-lun/$lun", disk)
      .replace("[ -b ", "[ -f ")
      .replace("/run/systemd/system/$unit", join(directory, "unit"));
    const env = { PATH: `${directory}:/usr/sbin:/usr/bin:/sbin:/bin` };
    return execFileSync("sh", ["-s", "7", "/data"], { input: script ?? "", stdio: "pipe", env, encoding: "utf8" });
  }
  const typeOf = () => execFileSync("/usr/sbin/blkid", ["-p", "-o", "value", "-s", "TYPE", disk], { encoding: "utf8" });

  test("a disk with nothing on it gets a file system, and keeps it", () => {
    expect(run()).toContain("mounted");
    expect(typeOf().trim()).toBe("ext4");
    const before = readFileSync(disk);
    run();
    expect(readFileSync(disk).equals(before)).toBe(true);
  });

  test("a disk that has partitions, or signs of two things, is not formatted", () => {
    const partitioned = Buffer.alloc(16 * 1024 ** 2);
    // A partition of Linux from sector 2048, in a master boot record.
    partitioned.set([0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 0x70, 0, 0], 446);
    partitioned.set([0x55, 0xaa], 510);
    writeFileSync(disk, partitioned);
    run();
    expect(readFileSync(disk).equals(partitioned)).toBe(true);

    // A file system and a swap area: blkid cannot say which it is.
    execFileSync("/usr/sbin/mkfs.ext4", ["-q", "-F", disk]);
    const both = readFileSync(disk);
    both.write("SWAPSPACE2", 4096 - 10, "latin1");
    both.set([1, 0, 0, 0, 0xff, 0x0f, 0, 0], 1024);
    writeFileSync(disk, both);
    expect(() => run()).toThrow("what is on data disk 7 is not clear");
    expect(readFileSync(disk).equals(both)).toBe(true);
  });
});
