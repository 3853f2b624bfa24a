import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

// Commands for the host that a refusal, a report or a page of ours tells to type, beside those about settings and the
// project's own (hints.test.ts). Each is here, with the test that types it, or with why none does.

const root = resolve(import.meta.dirname, "../..");

/** A program of a host, with a word after it, that begins a command. */
const COMMAND =
  /(?<![\w/.-])(?:sudo |apt-get |usermod |groupmod |adduser |find \/|chown |chgrp |chmod |systemctl |docker \w|kill \$|umount |rmdir |rm -r |mv |iptables |ip (?:link|route)|nft \w|sysctl |modprobe |curl |pulumi (?:plugin|up|\$)|git (?:checkout|worktree|status)|npm install|cat \/|df -h|ss -l|go env|sh \$home)/;
/** What is told, and not done. */
const TOLD =
  /\b(?:fix|next|first|renew)\b\s*[:=]|\bleft\(|\btype(?: on (?:its|the) machine)?: |says why|\bsudo |usermod --uid|groupmod --gid|chgrp -h|chown -h root|\bsee (?:why|what)\b/;

/** By file: a part of each command, and the test that types it, or why it is not typed. */
type Covered = readonly [part: string, typedBy: `tests/${string}` | `not typed: ${string}`];

const HINTS_LAB = "tests/lab/host-hints.test.ts";
const LOCAL_USER = "tests/lab/local-user.test.ts";
const COMMAND_HINTS = "tests/preview/command-hints.test.ts";
const MIRROR = "not typed: it fetches from an archive of packages, which a test has not";
const LOOKS = "not typed: it changes nothing; it shows what a person decides by";
const SESSION = "not typed: the privileges of who typed the command, which is not in a test's hands";

const HINTS: Readonly<Record<string, readonly Covered[]>> = {
  "components/container/gvisor.ts": [
    ["apt-get install runsc", MIRROR],
    ["sudo ${GVISOR_PROGRAM} install", "not typed: it is a part of the package's command, and needs the package"],
    ["systemctl reload docker", "not typed: the last part of the same command"],
  ],
  "components/container/limits.sh": [["pulumi up --refresh", "tests/lab/engine-docker.test.ts"]],
  "components/files/reconcile.sh": [["docker logs --tail 20", LOOKS]],
  "components/host/bundle/program/accounts.sh": [
    ["usermod --uid", LOCAL_USER],
    ["groupmod --gid", LOCAL_USER],
    ["chgrp -h", LOCAL_USER],
  ],
  // The package is asked whether it has the program.
  "components/host/bundle/program/estate.sh": [["apt-get install nftables", HINTS_LAB]],
  "components/host/bundle/program/main.sh": [["program rekey", HINTS_LAB]],
  "components/host/root-files.sh": [
    ["apt-get install util-linux", HINTS_LAB],
    ["chown -h root:root", LOCAL_USER],
  ],
  "helpers/programs/apt.ts": [["apt-get ${command}", MIRROR]],
  "helpers/programs/host-program.ts": [["apt-get install ${packageName}", MIRROR]],
  "helpers/terminal/report.ts": [["df -h", LOOKS]],
  "lab/azure/network-problems.ts": [["ip route", LOOKS]],
  "lab/engine/plugins/docker/container/resource.ts": [["pulumi up --refresh", "tests/lab/engine-docker.test.ts"]],
  "lab/estate/estate.ts": [
    ["docker network ls; ip route", LOOKS],
    ["mv ${files.directory}", "not typed: a directory of somebody else's; it is a plain rename"],
  ],
  "lab/estate/settings.ts": [
    [
      "git checkout ${source}",
      "not typed: the file is a copy that is being read; the same command is typed for numbers",
    ],
  ],
  "lab/images/host-tools.ts": [["apt-get install python3-pip", MIRROR]],
  "lab/internet/ensure.ts": [["sudo ${again}", SESSION]],
  "lab/machines/facts.ts": [["docker network ls; ip route", LOOKS]],
  "lab/machines/install.ts": [["apt-get install incus-base", MIRROR]],
  "lab/machines/leftovers.ts": [
    ["kill ${", HINTS_LAB],
    ["umount ${", HINTS_LAB],
    ["rmdir ${", HINTS_LAB],
    ["iptables -D", HINTS_LAB],
    ["ip link delete", HINTS_LAB],
    ["nft delete table", HINTS_LAB],
    ["rm -r ${", HINTS_LAB],
  ],
  "lab/machines/ready.ts": [["tail -n 50 /var/log/cloud-init-output.log", LOOKS]],
  "scripts/commands/lab.ts": [["sudo npm run lab", SESSION]],
  "scripts/commands/numbers.ts": [["git checkout -- ${file}", COMMAND_HINTS]],
  "scripts/docker/ensure.ts": [
    ["usermod -aG docker", "not typed: it asks to log in again, which gives the group to who typed it"],
    ["systemctl start docker", "not typed: what it is told of is that no daemon is there to be started by us"],
  ],
  "scripts/docker/gvisor.ts": [
    ["systemctl restart docker", "not typed: the host's own daemon, with everybody's containers"],
  ],
  "scripts/doctor/lab.ts": [["rm -r ${store}", "not typed: what others' labs may still want; it is a plain removal"]],
  "scripts/engine/advice.ts": [
    ["df -h", LOOKS],
    ["ss -ltnp", LOOKS],
    ["docker ps -a", LOOKS],
    ["docker version", LOOKS],
    ["pulumi plugin install", MIRROR],
    ["docker pull ${image}", LOOKS],
    ["docker logs ${name}", LOOKS],
    ["docker logs <container>", LOOKS],
  ],
  "scripts/engine/left-behind.ts": [
    ["docker rm -f", HINTS_LAB],
    ["rmdir ${path}", HINTS_LAB],
    ["umount ${path}", HINTS_LAB],
    ["nft delete table inet", HINTS_LAB],
  ],
  "scripts/images/build-command.ts": [
    ["cat /etc/ssh/ssh_host_ed25519_key.pub", LOOKS],
    ["apt-get install docker.io", MIRROR],
  ],
  "scripts/images/build-own.ts": [
    ["git status --", LOOKS],
    ["docker login", "not typed: the password of a registry is asked for at a terminal"],
  ],
  "scripts/lab/show.ts": [["journalctl -b", LOOKS]],
  "scripts/package/manifest.ts": [["npm install --save-exact", MIRROR]],
  "scripts/report/base.ts": [["git worktree prune", HINTS_LAB]],
  "scripts/test/parts.ts": [["sudo npm test", SESSION]],
  "scripts/test/set-up.ts": [["apt-get install -y", MIRROR]],
  "scripts/toolchain/fetch-go.ts": [["go env GOPROXY", LOOKS]],
  "scripts/toolchain/go-module.ts": [["go env GOCACHE", LOOKS]],
  "scripts/toolchain/go.ts": [["apt-get install ${packages", MIRROR]],
  "scripts/toolchain/official.ts": [
    ["pulumi plugin install", MIRROR],
    ["curl -fsSL https://get.pulumi.com", MIRROR],
  ],
  "scripts/toolchain/on-path.ts": [["curl -fsSL https://get.pulumi.com", MIRROR]],
  "scripts/toolchain/plugins.ts": [["pulumi ${command", MIRROR]],
};

/** Lines that are no hints: of a program that is run, or about sudo itself. */
const DONE: Readonly<Record<string, number>> = {
  "components/host/bundle/render/render-entries.ts": 1,
  "components/host/host-command.ts": 2,
};

const found = new Map<string, string[]>();

beforeAll(async () => {
  for await (const file of glob("{components,scripts,lab,stacks,helpers,containment}/**/*.{ts,sh}", { cwd: root })) {
    if (/node_modules|\/dist\/|^lab\/engine\/tests|\/image\//.test(file)) continue;
    const text = (await readFile(resolve(root, file), "utf8")).replaceAll(/^\s*(\/\/|\*|\/\*|#).*$/gm, "");
    const lines = text.split("\n").filter((line) => isHint(line));
    if (lines.length > 0) found.set(file, lines);
  }
});

function isHint(line: string): boolean {
  return COMMAND.test(line) && TOLD.test(line);
}

test("every command for the host that is told to type is in the list, and the list has no other", () => {
  const unknown = [...found].flatMap(([file, lines]) => {
    const parts = HINTS[file] ?? [];
    const left = lines.filter((line) => parts.filter(([part]) => line.includes(part)).length !== 1);
    return left.length === (DONE[file] ?? 0) ? [] : left.map((line) => `${file}: ${line.trim()}`);
  });
  expect(unknown).toEqual([]);
  const gone = Object.entries(HINTS).flatMap(([file, parts]) =>
    parts
      .filter(([part]) => found.get(file)?.some((line) => line.includes(part)) !== true)
      .map(([part]) => `${file}: ${part}`),
  );
  expect(gone).toEqual([]);
});

test("what is said to be typed by a test has that test", () => {
  const files = Object.values(HINTS).flatMap((parts) =>
    parts.map(([, by]) => by).filter((by) => by.startsWith("tests/")),
  );
  expect(files.length).toBeGreaterThan(20);
  expect([...new Set(files)].filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
});

describe("a line is a hint", () => {
  test.each([
    ["    fix: `sysctl -w kernel.x=1`,", true],
    ['  fail "it is not; type: modprobe br_netfilter"', true],
    ["    next: `chmod 600 ${file}`,", true],
    ['  return "sudo reboot";', true],
    ['  await runHost("umount", [point]);', false],
    ["  chmod 0644 /etc/x", false],
  ])("%s: %s", (line, is) => {
    expect(isHint(line)).toBe(is);
  });
});
