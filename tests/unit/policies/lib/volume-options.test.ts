import { expect, test } from "vitest";

import { Properties, Unknowns } from "#policies/lib/properties.ts";
import { reachOf } from "#policies/lib/volume-options.ts";

const reach = (options: object | undefined, driver?: string) =>
  reachOf(driver, new Properties(options, new Unknowns()));

test.each([
  [{ type: "none", o: "bind", device: "/" }, 'a bind mount of "/"'],
  [{ type: "none", o: "rw, RBIND", device: "/srv" }, 'a bind mount of "/srv"'],
  [{ type: "tmpfs", o: "bind", device: "/" }, 'a bind mount of "/"'],
  [{ device: "/" }, 'a mount of "/"'],
  [{ Device: "/" }, 'a mount of "/"'],
  [{ type: "none", device: "/dev/sda1" }, 'a mount of "/dev/sda1"'],
  [{ type: "ext4", device: "/dev/sda1" }, 'a file system of type ext4 on "/dev/sda1"'],
  [{ type: "overlay", device: "overlay", o: "lowerdir=/" }, 'a file system of type overlay on "overlay"'],
  [{ type: "nfs", device: ":/srv" }, "a network share (type nfs)"],
  [{ type: "NFS4", device: ":/srv" }, "a network share (type nfs4)"],
  [{ type: "cifs", device: "//a/b", o: "password=hunter2" }, "a network share (type cifs)"],
])("local driver: %j", (options, expected) => {
  expect(reach(options)).toBe(expected);
  expect(reach(options, "local")).toBe(expected);
});

test.each([undefined, {}, { type: "tmpfs", device: "tmpfs", o: "size=64m,nosuid" }])(
  "local driver: %j stays inside",
  (options) => {
    expect(reach(options)).toBeUndefined();
  },
);

test("the options of a plugin are judged by the paths in them", () => {
  expect(reach({ size: "10G" }, "rexray")).toBeUndefined();
  expect(reach({ size: "10G", mountpoint: "/srv" }, "persist")).toBe(
    "option mountpoint of the driver persist, a path of the host",
  );
});
