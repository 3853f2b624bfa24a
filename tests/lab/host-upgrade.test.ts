import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { entry } from "#components/host/bundle/bundle.ts";
import { bundleOf, clearMachine, leftovers, programHome } from "../support/bare-host.ts";
import { testPrefix } from "../support/docker.ts";
import { startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";

// dpkg and apt are real; the packages and their source are made here.
const minutes = 60_000;
const prefix = testPrefix();
let machine: DebianMachine;

/** Each version says which it is, and writes to a file of ours while it is set up, as gVisor's does. 2027 fails in that. */
const PACKAGES = `
rm -rf /srv/packages && mkdir -p /srv/packages && cd /srv/packages
for version in 1.0 2026.0 2027.0; do
  mkdir -p tree/DEBIAN tree/usr/share/garrison-probe tree/etc
  printf 'Package: garrison-probe\\nVersion: %s\\nArchitecture: all\\nMaintainer: nobody\\nDescription: probe\\n' $version >tree/DEBIAN/control
  echo /etc/garrison-probe.conf >tree/DEBIAN/conffiles
  printf '#!/bin/sh\\n[ ! -f /etc/garrison-test/ours ] || echo rewritten >/etc/garrison-test/ours\\n[ %s != 2027.0 ]\\n' $version >tree/DEBIAN/postinst
  chmod 755 tree/DEBIAN tree/DEBIAN/postinst
  echo $version >tree/usr/share/garrison-probe/version
  echo packaged >tree/etc/garrison-probe.conf
  dpkg-deb -Znone --build tree garrison-probe_$version.deb >/dev/null
  rm -rf tree
  [ $version = 1.0 ] || { dpkg-deb -f garrison-probe_$version.deb; printf 'Filename: ./garrison-probe_%s.deb\\nSize: %s\\nSHA256: %s\\n\\n' $version $(stat -c %s garrison-probe_$version.deb) $(sha256sum garrison-probe_$version.deb | cut -d ' ' -f 1); } >>Packages
done`;
const state =
  "dpkg-query -W -f '${db:Status-Abbrev}${Version}\\n' garrison-probe; cat /usr/share/garrison-probe/version /etc/garrison-probe.conf /etc/garrison-test/ours 2>/dev/null";
const before = "ii 1.0\n1.0\nchanged by hand\nours";

beforeAll(async () => {
  machine = await startMachine(`${prefix}-upgrade`, { booted: false });
  expect((await machine.shell(PACKAGES)).stderr).toBe("");
}, 15 * minutes);

afterAll(() => machine.remove());

beforeEach(async () => {
  await clearMachine(machine);
  await machine.shell(
    "mkdir -p /etc/garrison-test; echo ours >/etc/garrison-test/ours; dpkg --purge garrison-probe; dpkg -i /srv/packages/garrison-probe_1.0.deb; echo ours >/etc/garrison-test/ours; echo changed by hand >/etc/garrison-probe.conf",
  );
  expect((await machine.shell(state)).stdout.trim()).toBe(before);
});

const source = entry(
  "/etc/apt/sources.list.d/garrison-test.sources",
  "Types: deb\nURIs: file:/srv/packages\nSuites: ./\nTrusted: yes\n",
  { check: "apt" },
);
const wants = (release: string) =>
  bundleOf([source, entry("/etc/garrison-test/ours", "ours\n")], {
    packages: ["garrison-probe"],
    releases: [{ package: "garrison-probe", release }],
  });

test("a package of another release is exchanged for the one that is wanted, once, and goes back with the rest", async () => {
  const planned = await machine.run(wants("2026"), "plan");
  expect(planned.stderr).toContain("exchange garrison-probe 1.0 for 2026");
  expect(JSON.parse(planned.stdout)).toMatchObject({ state: "planned", packages: [], upgrades: ["garrison-probe"] });
  expect((await machine.shell(state)).stdout.trim()).toBe(before);

  const applied = await machine.run(wants("2026"), "apply");
  expect(JSON.parse(applied.stdout), applied.stderr).toMatchObject({ state: "applied", upgrades: ["garrison-probe"] });
  expect((await machine.shell(state)).stdout.trim()).toBe("ii 2026.0\n2026.0\nchanged by hand\nours");
  expect(JSON.parse((await machine.run(wants("2026"), "apply")).stdout)).toMatchObject({ state: "unchanged" });

  const rolled = await machine.shell(`sh ${programHome}/program rollback`);
  expect(rolled.exitCode, rolled.stderr).toBe(0);
  expect((await machine.shell(state)).stdout.trim()).toBe(before);
  expect((await machine.shell(leftovers)).stdout).toBe("");
});

test("a package that cannot be set up is exchanged back, and everything else is as before", async () => {
  const failed = await machine.run(wants("2027"), "apply");
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain("garrison-probe 2027.0 could not be installed");
  expect(failed.stderr).toContain("everything is as it was before");
  expect((await machine.shell(state)).stdout.trim()).toBe(before);
  expect((await machine.shell(`ls ${source.path} 2>&1; ${leftovers}`)).stdout).toMatch(/^ls: cannot access[^\n]*$/);
});

test("a release that its source has not is told before anything is changed", async () => {
  const failed = await machine.run(wants("2030"), "apply");
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain("garrison-probe 2030 cannot be had from its package source");
  expect((await machine.shell(state)).stdout.trim()).toBe(before);
  expect((await machine.shell(leftovers)).stdout).toBe("");
});
