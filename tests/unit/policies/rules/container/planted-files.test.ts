import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { powerOfFile, rightsGivenBy, specialBits } from "#containment/planted-files.ts";
import { rule } from "#policies/rules/container/planted-files.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  "/etc/ld.so.preload",
  "etc/ld.so.preload",
  "//etc/./sudoers.d/../sudoers.d/x",
  "/usr/lib/x86_64-linux-gnu/libc.so.6",
  "/lib/security/pam_x.so",
  "/home/app/.ssh/authorized_keys",
  "/var/spool/cron/crontabs/root",
  "/etc/systemd/system/x.service",
  "/bin/sh",
])("%s is the system's", (path) => {
  expect(powerOfFile(path)).toBeDefined();
});

test.each([
  "/etc/nginx/nginx.conf",
  "/etc/hosts.allow",
  "/usr/local/bin/sh-wrapper",
  "/usr/lib/node_modules/app/index.js",
  "/home/app/.ssh/known_hosts",
  "/opt/app/passwd",
  "/data/etc/passwd",
  "/usr/local/bin/bash-start",
])("%s is the program's own", (path) => {
  expect(powerOfFile(path)).toBeUndefined();
});

test("the bits of a mode", () => {
  expect([0o4755, 0o6755, 0o2755, 0o1777, 0o755, 0o644].map(specialBits)).toEqual([
    "setuid",
    "setuid",
    "setgid",
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  "chmod 755 x",
  "chmod 1777 /tmp",
  "chmod go-s x",
  "chmod +x x",
  "install -m 0644 a b",
  "chmods u+s",
  "setcap -r x",
])("%s gives no rights", (text) => {
  expect(rightsGivenBy(text)).toBeUndefined();
});

test("a long text is no slower", () => {
  const start = performance.now();
  rightsGivenBy("chmod -R ".repeat(20_000));
  rightsGivenBy(`install ${"-m ".repeat(30_000)}`);
  expect(performance.now() - start).toBeLessThan(2000);
});

test("the property that says so is named, and what is unknown passes", () => {
  const uploads = [{ file: "/etc/sudoers", content: "x", permissions: "4755" }];
  expect(onContainer(rule, { uploads }).map((one) => one.split(": ")[0])).toEqual([
    "uploads.0.file",
    "uploads.0.permissions",
  ]);
  const words = ["sh", "-c", "chmod u+s /data/x"];
  expect(onContainer(rule, { command: words })).toEqual(["command.2: a file made setuid"]);
  expect(run(rule, [container({ uploads: [{ file: UNKNOWN, permissions: UNKNOWN }] })]).verdicts).toEqual([]);
});
