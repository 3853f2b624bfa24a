import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { entry, renderManifest } from "#components/host/bundle/bundle.ts";
import { HOST_PROGRAM } from "#components/host/bundle/host-script.ts";
import { bundleOf, clearMachine, leftovers, programHome as home } from "../support/bare-host.ts";
import { startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";
import { testPrefix } from "../support/docker.ts";

// The program where something that it needs is missing: room on a disk, a package mirror, the package manager.
const minutes = 60_000;
let machine: DebianMachine;

beforeAll(async () => {
  machine = await startMachine(`${testPrefix()}-shortage`, { booted: false });
}, 15 * minutes);

afterAll(() => machine.remove());

afterEach(() => clearMachine(machine));

const one = entry("/etc/garrison-test/deep/one", "first\n");
const two = entry("/etc/garrison-test/two", "second\n", { mode: "600", owner: "root:adm" });

test("a full disk changes nothing, and neither does a bundle that was cut off", async () => {
  await machine.run(bundleOf([one, two]), "apply");
  await machine.shell(
    "mkdir -p /usr/local/lib/garrison; mount -t tmpfs -o size=1m,mode=755 tmpfs /usr/local/lib/garrison",
  );
  const big = bundleOf([
    { ...one, content: "changed\n" },
    two,
    entry("/usr/local/lib/garrison/big", "x".repeat(3 << 20)),
  ]);
  const full = await machine.run(big, "apply");
  const after = await machine.shell(
    `cat ${one.path}; ls -A /usr/local/lib/garrison; umount /usr/local/lib/garrison; ${leftovers}`,
  );
  expect(full.exitCode).not.toBe(0);
  expect(after.stdout).toBe("first");
  const cut = renderManifest(big).slice(0, -100);
  const torn = await machine.shell(`cat >/tmp/cut; sh ${home}/program apply </tmp/cut`, cut);
  expect(torn.exitCode).toBe(1);
  expect(torn.stderr).toContain("cut off");
  expect(JSON.parse((await machine.run(big, "apply")).stdout)).toMatchObject({ state: "applied" });
});

test("a disk that is full while a change is undone: what fits comes back, the rest as soon as there is room", async () => {
  const small = "/usr/local/lib/garrison";
  const before = bundleOf([one, entry(`${small}/large`, "a".repeat(600 << 10))]);
  const after = bundleOf([{ ...one, content: "changed\n" }, entry(`${small}/large`, "b")]);
  await machine.shell(`mkdir -p ${small}; mount -t tmpfs -o size=1m,mode=755 tmpfs ${small}`);
  expect((await machine.run(before, "apply")).exitCode).toBe(0);
  // Somebody else fills the disk as soon as the large file is gone from it, and then the change fails.
  const commit = "commit() {\n";
  expect(HOST_PROGRAM).toContain(commit);
  const failing = HOST_PROGRAM.replace(
    commit,
    () => `${commit}cat /dev/zero >${small}/others 2>/dev/null || :\nfail "stopped by the test"\n`,
  );
  await machine.shell("cat >/tmp/program", failing);
  const stuck = await machine.shell("sh /tmp/program apply", renderManifest(after));
  expect(stuck.exitCode).toBe(1);
  expect(stuck.stderr).toContain("not everything could be put back");
  expect((await machine.shell(`cat ${one.path}; stat -c %s ${small}/large; ls -d ${home}/live`)).stdout).toBe(
    `first\n1\n${home}/live`,
  );
  await machine.shell(`rm ${small}/others`);
  const recovered = await machine.shell(`sh ${home}/program boot`);
  expect(recovered.exitCode, recovered.stderr).toBe(0);
  expect((await machine.shell(`stat -c %s ${small}/large`)).stdout).toBe(String(600 << 10));
  expect(JSON.parse((await machine.run(before, "apply")).stdout)).toMatchObject({ state: "unchanged" });
  expect(JSON.parse((await machine.run(after, "apply")).stdout)).toMatchObject({ state: "applied" });
  expect((await machine.shell(`umount ${small}; ${leftovers}`)).stdout).toBe("");
});

test("a disk that is full where the journal lies keeps no change from being taken back", async () => {
  const before = bundleOf([one, two]);
  await machine.shell(`mkdir -p ${home}; mount -t tmpfs -o size=1m,mode=755 tmpfs ${home}`);
  expect((await machine.run(before, "apply")).exitCode).toBe(0);
  const known = (await machine.shell(`cat ${home}/applied`)).stdout;
  expect((await machine.run(bundleOf([{ ...one, content: "changed\n" }]), "apply")).exitCode).toBe(0);
  const full = await machine.shell(`cat /dev/zero >${home}/others; echo x >${home}/probe`);
  expect(full.exitCode).not.toBe(0);
  const back = await machine.shell(`sh ${home}/program rollback`);
  expect(back.exitCode, back.stderr).toBe(0);
  expect((await machine.shell(`cat ${one.path} ${two.path}; rm ${home}/others ${home}/probe`)).stdout).toBe(
    "first\nsecond",
  );
  expect((await machine.shell(`cat ${home}/applied`)).stdout).toBe(known);
  expect(JSON.parse((await machine.run(before, "apply")).stdout)).toMatchObject({ state: "unchanged" });
  expect((await machine.shell(`${leftovers}; umount ${home}`)).stdout).toBe("");
});

test("a package mirror that is down or damaged changes nothing, and the next apply completes", async () => {
  await machine.shell(
    "mkdir -p /tmp/sources; mv /etc/apt/sources.list* /tmp/sources; echo 'deb http://127.0.0.1:9/ ./' >/etc/apt/sources.list",
  );
  const wanted = bundleOf([one], { packages: ["garrison-test-package"] });
  const refused = await machine.run(wanted, "apply");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("packages could not be installed, and nothing else was changed");
  expect((await machine.shell(`ls ${one.path}; ${leftovers}`)).stdout).toBe("");
  const made = await machine.shell(`mkdir -p /tmp/p/DEBIAN /tmp/repo && cd /tmp/repo &&
    printf 'Package: garrison-test-package\\nVersion: 1\\nArchitecture: all\\nMaintainer: a test <test@example.org>\\nDescription: nothing\\n' >/tmp/p/DEBIAN/control && chmod 755 /tmp/p /tmp/p/DEBIAN &&
    dpkg-deb --build -Znone /tmp/p a.deb && { cat /tmp/p/DEBIAN/control; printf 'Filename: ./a.deb\\nSize: %s\\nSHA256: %s\\n' "$(stat -c %s a.deb)" "$(sha256sum a.deb | cut -d ' ' -f 1)"; } >Packages &&
    echo 'deb [trusted=yes] file:/tmp/repo ./' >/etc/apt/sources.list; chmod 755 /tmp/repo`);
  expect(made.exitCode, made.stderr).toBe(0);
  await machine.shell("cp /tmp/repo/a.deb /tmp/a.deb; printf x | dd of=/tmp/repo/a.deb bs=1 seek=100 conv=notrunc");
  const damaged = await machine.run(wanted, "apply");
  expect(damaged.exitCode).toBe(1);
  expect(damaged.stderr).toMatch(/Hash Sum mismatch[\s\S]*nothing else was changed/);
  expect((await machine.shell(`cp /tmp/a.deb /tmp/repo/; ls ${one.path}; ${leftovers}`)).stdout).toBe("");
  const applied = await machine.run(wanted, "apply");
  expect(applied.exitCode, applied.stderr).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({ state: "applied", packages: ["garrison-test-package"] });
  expect(JSON.parse((await machine.run(wanted, "apply")).stdout)).toMatchObject({ state: "unchanged" });
  // Whoever has the package manager in hand, as the machine's own updates at night, is waited for.
  const held = `dpkg -r garrison-test-package >/dev/null
    python3 -c 'import fcntl, time; lock = open("/var/lib/dpkg/lock-frontend", "w"); fcntl.lockf(lock, fcntl.LOCK_EX); print("held", flush=True); time.sleep(3)' >/tmp/held &
    while [ ! -s /tmp/held ]; do sleep 0.1; done
    sh ${home}/program apply`;
  const waited = await machine.shell(held, renderManifest(wanted));
  expect(JSON.parse(waited.stdout), waited.stderr).toMatchObject({ packages: ["garrison-test-package"] });
  await machine.shell("rm -rf /etc/apt/sources.list*; mv /tmp/sources/* /etc/apt/");
});
