import { expect, test } from "vitest";
import { dangerOf } from "#containment/host-path.ts";
import { isSystemCgroup, logFlaw } from "#containment/limits.ts";
import { flawOfHost } from "#containment/name-owners.ts";

test.each([
  "///",
  "/.",
  "//system.slice",
  "/./system.slice/x",
  "/init.scope/x",
  "user-0.slice",
  "system-docker.slice/x",
])("%s is the system's group however it is written", (parent) => {
  expect(isSystemCgroup(parent)).toBe(true);
  expect(isSystemCgroup("/garrison-office.slice/n01")).toBe(false);
});

test("a log that may grow to more than a disk has no end", () => {
  expect(logFlaw("json-file", "101g")).toBe("no end");
  expect(logFlaw("json-file", "9999999999999999999k")).toBe("no end");
  expect(logFlaw("json-file", "100g")).toBeUndefined();
  expect(logFlaw("json-file", "1")).toBeUndefined();
});

test.each(["::ffff:169.254.169.254", "fd00:0ec2:0::254"])("%s is the metadata service", (address) => {
  expect(flawOfHost("config", address)).toBe("the service that gives out the machine's identity");
});

test.each([
  "/run/nri/nri.sock",
  "/run/host-services",
  "/var/snap/docker/common",
  "/run/garrison",
  "/var/lib/garrison/x",
])("%s gives others' containers or secrets away", (path) => {
  expect(dangerOf(path, { readOnly: true })).toBeDefined();
  expect(dangerOf("/run/garrison/office/page/etc-page", { readOnly: true })).toBeUndefined();
});
