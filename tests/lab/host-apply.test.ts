import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Bundle } from "#components/host/bundle/bundle.ts";
import { entry, renderManifest } from "#components/host/bundle/bundle.ts";
import { HOST_PROGRAM } from "#components/host/bundle/host-script.ts";
import { bundleOf, clearMachine, leftovers, programHome as home } from "../support/bare-host.ts";
import { testPrefix } from "../support/docker.ts";
import { startMachine } from "../support/debian-machine.ts";
import type { DebianMachine } from "../support/debian-machine.ts";

// The program on a Debian 12 where nothing runs: files, journal, checkers and users are real.
const minutes = 60_000;
const prefix = testPrefix();
let machine: DebianMachine;

beforeAll(async () => {
  machine = await startMachine(`${prefix}-bare`, { booted: false });
}, 15 * minutes);

afterAll(() => machine.remove());

afterEach(() => clearMachine(machine));

const one = entry("/etc/garrison-test/deep/one", "first\n");
const two = entry("/etc/garrison-test/two", "second\n", { mode: "600", owner: "root:adm" });
const both = bundleOf([one, two]);

test("an apply makes exactly what the bundle says, and a second one finds nothing to do", async () => {
  const planned = await machine.run(both, "plan");
  expect(planned.stderr).toContain("+second");
  expect(JSON.parse(planned.stdout)).toMatchObject({
    state: "planned",
    guarded: false,
    files: [
      { action: "create", path: one.path },
      { action: "create", path: two.path },
    ],
  });
  expect((await machine.shell(`ls /etc/garrison-test ${home}`)).stdout).toBe("");

  expect(JSON.parse((await machine.run(both, "apply")).stdout)).toMatchObject({ state: "applied" });
  const { stdout } = await machine.shell(
    `stat -c '%a %U:%G' ${one.path} ${two.path} /etc/garrison-test/deep; cat ${one.path} ${two.path}`,
  );
  expect(stdout.split("\n")).toEqual(["644 root:root", "600 root:adm", "755 root:root", "first", "second"]);
  const before = await machine.shell("stat -c '%n %i %Z' /etc/garrison-test/deep/one /etc/garrison-test/two");
  expect(JSON.parse((await machine.run(both, "apply")).stdout)).toMatchObject({ state: "unchanged", files: [] });
  expect(await machine.shell("stat -c '%n %i %Z' /etc/garrison-test/deep/one /etc/garrison-test/two")).toEqual(before);
  expect((await machine.shell(leftovers)).stdout).toBe("");
});

test("content, mode, owner and kind of a file that somebody changed by hand are put right", async () => {
  await machine.run(both, "apply");
  for (const change of [
    `echo x >${two.path}`,
    `chmod 666 ${two.path}`,
    `chown nobody ${two.path}`,
    `cp -p ${two.path} /etc/garrison-test/x; ln -sf x ${two.path}`,
  ]) {
    await machine.shell(change);
    expect(JSON.parse((await machine.run(both, "apply")).stdout), change).toMatchObject({
      state: "applied",
      files: [{ action: "change", path: two.path }],
    });
    expect((await machine.shell(`stat -c '%a %U:%G %F' ${two.path}`)).stdout, change).toBe("600 root:adm regular file");
  }
});

test("what is no longer wanted goes, and what was there before us comes back", async () => {
  await machine.shell(`mkdir -p /etc/garrison-test; echo theirs >${two.path}; chmod 640 ${two.path}`);
  await machine.run(both, "apply");
  const { stdout } = await machine.run(bundleOf([]), "apply");
  expect(JSON.parse(stdout)).toMatchObject({ state: "applied", files: [{ action: "remove" }, { action: "remove" }] });
  expect((await machine.shell(`ls ${one.path} 2>&1; cat ${two.path}; stat -c %a ${two.path}`)).stdout).toMatch(
    /No such file[^\n]*\ntheirs\n640$/,
  );
});

test("every checker refuses what its program would, with all refusals at once, and nothing is changed", async () => {
  const good = [
    entry("/etc/sudoers.d/90-test", "root ALL=(ALL:ALL) ALL\n", { mode: "440", check: "sudoers" }),
    entry("/etc/nginx/conf.d/test.conf", "server { listen 8080; }\n", { check: "nginx" }),
    entry("/etc/ssh/sshd_config.d/test.conf", "Port 2222\n", { check: "sshd" }),
    entry("/etc/garrison-test/rules.nft", "table inet garrison-test { }\n", { check: "nft" }),
    entry("/etc/docker/daemon.json", '{"icc": false}\n', { check: "dockerd" }),
    entry("/etc/fail2ban/jail.d/test.local", "[sshd]\nenabled = true\nbackend = systemd\n", { check: "fail2ban" }),
    entry("/etc/chrony/chrony.conf", "server 192.0.2.1\n", { check: "chrony" }),
    entry("/etc/apt/apt.conf.d/99test", 'A::B "1";\n', { check: "apt" }),
    entry("/usr/local/lib/garrison/test", "#!/bin/sh\nexit 0\n", { mode: "755", check: "sh" }),
    entry("/etc/systemd/system/test.service", "[Service]\nExecStart=/usr/local/lib/garrison/test\n", {
      check: "unit:100",
    }),
  ];
  const broken: Readonly<Record<string, string>> = {
    sudoers: "root ALL=(ALL:ALL\n",
    nginx: "server { listen 8080 }\n",
    sshd: "Prt 2222\n",
    nft: "table inet garrison-test {\n",
    dockerd: '{"icc-typo": false}\n',
    fail2ban: "[sshd]\nenabled = true\nfilter = nosuchfilter\nbackend = systemd\n",
    chrony: "servr 192.0.2.1\n",
    apt: 'A::B "1"\n',
    sh: "if true\n",
    "unit:100": "[Service]\nExecStrt=/usr/local/lib/garrison/test\n",
  };
  await machine.shell("ssh-keygen -A");
  const bad = good.map((own) => ({ ...own, content: broken[own.check] ?? "" }));
  const refused = await machine.run(bundleOf(bad), "apply");
  expect(refused.exitCode).toBe(1);
  for (const { path, check } of bad) {
    const subject = ["nginx", "sshd", "fail2ban", "chrony", "apt"].includes(check)
      ? `the configuration of ${check}`
      : path;
    expect(refused.stderr, check).toContain(`garrison: ${subject} is refused by`);
  }
  expect(
    (await machine.shell(`ls ${good[0]?.path ?? ""} ${home}/applied; ${leftovers}; grep servr /etc/chrony/chrony.conf`))
      .stdout,
  ).toBe("");
  // A file that is judged with its fellows passes when all are in order.
  const applied = await machine.run(bundleOf(good), "apply");
  expect(applied.exitCode, applied.stderr).toBe(0);
  await machine.run(bundleOf([]), "apply");
});

test("a service that is more exposed than it may be is refused", async () => {
  const exposed = "[Service]\nExecStart=/bin/true\n";
  const refused = await machine.run(
    bundleOf([entry("/etc/systemd/system/test.service", exposed, { check: "unit:30" })]),
    "apply",
  );
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("more exposed than 30");
});

test("users are made, changed and closed, and an undo takes each of them back", async () => {
  const user = { name: "gtest", uid: 1777, shell: "/bin/bash", groups: ["adm"] };
  const own = entry("/etc/garrison-test/own", "x\n", { owner: "gtest:gtest" });
  expect(JSON.parse((await machine.run(bundleOf([own], { users: [user] }), "apply")).stdout)).toMatchObject({
    state: "waiting",
    users: ["gtest"],
  });
  expect((await machine.shell(`id gtest; stat -c %U ${own.path}`)).stdout).toBe(
    "uid=1777(gtest) gid=1777(gtest) groups=1777(gtest),4(adm)\ngtest",
  );
  await machine.shell(`sh ${home}/program confirm`);
  expect(JSON.parse((await machine.run(bundleOf([own], { users: [user] }), "apply")).stdout)).toMatchObject({
    state: "unchanged",
  });

  await machine.run(bundleOf([own], { users: [{ ...user, groups: [], shell: "/bin/sh" }] }), "apply");
  expect((await machine.shell("id -nG gtest; getent passwd gtest | cut -d: -f7")).stdout).toBe("gtest\n/bin/sh");
  await machine.shell(`sh ${home}/program rollback`);
  expect((await machine.shell("id -nG gtest; getent passwd gtest | cut -d: -f7")).stdout).toBe("gtest adm\n/bin/bash");

  await machine.run(bundleOf([]), "apply");
  expect((await machine.shell("getent shadow gtest | cut -d: -f8")).stdout).toBe("1");
  await machine.shell(`sh ${home}/program rollback`);
  expect((await machine.shell("getent shadow gtest | cut -d: -f8")).stdout).toBe("");
  const renumbered = await machine.run(bundleOf([own], { users: [{ ...user, uid: 1778 }] }), "apply");
  expect(renumbered.stderr).toContain("user gtest has the number 1777");
  await machine.shell("userdel -r gtest");
});

test("userns-remap is decided at the first boot, and refused with a way on when Docker holds data", async () => {
  const daemon = (text: string) => bundleOf([entry("/etc/docker/daemon.json", text, { check: "dockerd" })]);
  expect((await machine.run(daemon('{"userns-remap": "default"}\n'), "apply")).exitCode).toBe(0);
  expect((await machine.run(daemon("{}\n"), "apply")).exitCode).toBe(0);
  await machine.shell("mkdir -p /var/lib/docker/containers/0123456789ab");
  const refused = await machine.run(daemon('{"userns-remap": "default"}\n'), "apply");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("restore the volumes");
  expect((await machine.run(daemon('{"icc": false}\n'), "apply")).exitCode).toBe(0);
  await machine.run(bundleOf([]), "apply");
});

/** Shell that prints what lies where the bundles of the test put it, in a few letters. */
const STATE =
  "state() { (cd /etc/garrison-test && find . -type f | sort | xargs sha256sum) | sha256sum | cut -c 1-8; }";
/** Shell that runs the program and kills it at its command of that number, counted from where a variable is set. */
const KILLED = `killed() { bash -T -c 'n=0; trap '"'"'n=$((n + 0\${'$3':+1})); [ "$n" != '$1' ] || kill -9 $$'"'"' DEBUG; . /tmp/program '"$2" program; }
quiet() { "$@" >/dev/null 2>&1; }
leftovers() { ${leftovers.replaceAll(" 2>/dev/null", "")} 2>/dev/null | grep -v garrison-host | tr '\\n' ' '; }`;

/** Both bundles and the program lie on the machine, for a script that runs there. */
async function bring(before: Bundle, after: Bundle): Promise<void> {
  await machine.shell("cat >/tmp/before", renderManifest(before));
  await machine.shell("cat >/tmp/after", renderManifest(after));
  await machine.shell("cat >/tmp/program", HOST_PROGRAM);
  await machine.shell(`mkdir -p ${home}; cp /tmp/program ${home}/program`);
}

test(
  "killed at any command, the next run leaves everything as before or as wanted, and nothing half",
  async () => {
    const before = bundleOf([one, two, entry("/etc/garrison-test/three", "third\n")]);
    const after = bundleOf([
      { ...one, content: "changed\n" },
      two,
      entry("/etc/garrison-test/new/four", "fourth\n", { check: "sh" }),
    ]);
    await bring(before, after);
    const driver = `${STATE}
${KILLED}
quiet sh /tmp/program apply </tmp/after; echo "after $(state)"
quiet sh /tmp/program apply </tmp/before; echo "before $(state)"
number=1
while :; do
  quiet killed "$number" apply n </tmp/after
  code=$?
  quiet sh /tmp/program boot || echo "recovery failed"
  echo "$code $(state) $(leftovers)"
  [ "$code" = 137 ] || break
  quiet sh /tmp/program apply </tmp/before || echo "the next apply failed"
  number=$((number + 1))
done`;
    const { stdout } = await machine.shell(driver);
    const lines = stdout.split("\n").map((line) => line.trim());
    const named = (name: string): string => lines.find((line) => line.startsWith(name))?.split(" ")[1] ?? "";
    const killed = lines.filter((line) => line.startsWith("137 "));
    expect(lines.filter((line) => !/^(137|0|after|before) [0-9a-f]{8}$/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe(`0 ${named("after")}`);
    expect(killed.length).toBeGreaterThan(150);
    expect(new Set(killed.map((line) => line.slice(4)))).toEqual(new Set([named("before"), named("after")]));
  },
  15 * minutes,
);

test(
  "killed at any command of a roll-back, the next run completes it",
  async () => {
    const before = bundleOf([one, two, entry("/etc/garrison-test/three", "third\n")]);
    const after = bundleOf([{ ...one, content: "changed\n" }, two, entry("/etc/garrison-test/new/four", "fourth\n")]);
    await bring(before, after);
    const driver = `${STATE}
${KILLED}
quiet sh /tmp/program apply </tmp/before; echo "before $(state)"
quiet sh /tmp/program apply </tmp/after || echo "the apply failed"
cp -a /etc/garrison-test /tmp/made; cp -a ${home} /tmp/journal
number=1
while :; do
  rm -rf /etc/garrison-test ${home}; cp -a /tmp/made /etc/garrison-test; cp -a /tmp/journal ${home}
  quiet killed "$number" rollback journal
  code=$?
  # It had not begun, or it was over: one or the other has nothing to do.
  if [ -d ${home}/previous ]; then quiet sh /tmp/program rollback; else quiet sh /tmp/program boot; fi || echo "the next run failed"
  grep -q three ${home}/applied || echo "forgot what is ours"
  echo "$code $(state) $(leftovers)"
  [ "$code" = 137 ] || break
  number=$((number + 1))
done`;
    const lines = (await machine.shell(driver)).stdout.split("\n").map((line) => line.trim());
    const state = lines.shift()?.split(" ")[1] ?? "";
    expect(lines.pop()).toBe(`0 ${state}`);
    expect(new Set(lines)).toEqual(new Set([`137 ${state}`]));
    expect(lines.length).toBeGreaterThan(30);
  },
  5 * minutes,
);
