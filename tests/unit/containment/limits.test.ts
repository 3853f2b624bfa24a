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
  const ofSize = (size: string, files?: string) => logFlaw("json-file", { "max-size": size, "max-file": files });
  expect(ofSize("101g")).toBe("no end");
  expect(ofSize("9999999999999999999k")).toBe("no end");
  expect(ofSize("10m", "100000")).toBe("no end");
  expect(ofSize("100g")).toBeUndefined();
  expect(ofSize("1")).toBeUndefined();
  expect(ofSize("10m", "10240")).toBeUndefined();
});

test.each([
  ["gelf", "gelf-address", "udp://logs.example.org:12201"],
  ["fluentd", "fluentd-address", "203.0.113.9:24224"],
  ["fluentd", "fluentd-address", "tcp://logs.example.org:24224"],
  ["syslog", "syslog-address", "tcp://10.0.0.9:514"],
])("%s sends in clear to %s %s", (driver, option, address) => {
  expect(logFlaw(driver, { [option]: address })).toBe("sent in clear");
});

test.each([
  ["syslog", "syslog-address", "unixgram:///dev/log"],
  ["syslog", "syslog-address", "tcp+tls://logs.example.org:6514"],
  ["fluentd", "fluentd-address", "tls://logs.example.org:24224"],
  ["fluentd", "fluentd-address", "localhost:24224"],
  ["gelf", "gelf-address", "udp://127.0.0.1:12201"],
  ["awslogs", "awslogs-group", "app"],
])("%s does not: %s %s", (driver, option, address) => {
  expect(logFlaw(driver, { [option]: address })).toBeUndefined();
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
