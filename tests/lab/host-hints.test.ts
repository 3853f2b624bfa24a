import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { HOST_PROGRAM, PROGRAM_PATH } from "#components/host/bundle/host-script.ts";
import { leftBehind } from "#scripts/engine/left-behind.ts";
import { docker, importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";
import { inOwnMounts } from "../support/own-mounts.ts";

// What is told to type where something is left on a host is typed, on things of that kind: they are gone afterwards.
// Mounts, links, rules and processes are in namespaces of their own, which end with the shell.

const root = resolve(import.meta.dirname, "../..");
const node = `"${process.execPath}"`;
/** Types the lines of a file; a process that is told to end needs a moment. */
const TYPE = `while read -r line; do sh -c "$line" </dev/null; sleep 0.2; done </run/next`;

async function inNamespaces(script: string): Promise<string> {
  const own = ["--mount", "--propagation", "private", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const { stdout } = await execa("unshare", [...own, "sh", "-eu"], { cwd: root, input: script });
  return stdout;
}

describe("of the lab of machines", () => {
  const lab = {
    facts: { id: "hint" },
    incusFiles: { directory: "/run/hint", store: "/run/hint/store", mounted: "/run/hint/mounted" },
    layout: {
      bridge: "hint0",
      table: "garrison_lab_hint",
      tag: "garrison-lab-hint",
      azure: { bridges: "hint-z", table: "garrison_azure_hint", tag: "garrison-azure-hint" },
    },
  };
  const look = `${node} tests/support/print-leftovers.ts '${JSON.stringify(lab)}'`;
  const LEAVE = `
mount -t tmpfs tmpfs /run; mkdir -p /run/hint/store /run/hint/mounted
mount --bind /run/hint/store /run/hint/mounted
mkdir /run/hint/mounted/disk; mount -t tmpfs tmpfs /run/hint/mounted/disk; : >/run/hint/mounted/disk/log
sleep 600 </dev/null >/dev/null 2>&1 & tail -f /run/hint/mounted/disk/log </dev/null >/dev/null 2>&1 &
mount -t sysfs sysfs /sys; mount -t tmpfs tmpfs /sys/fs/cgroup; mkdir -p /sys/fs/cgroup/memory/lxc.payload.hint-web
ip link add hint0 type bridge; ip link add hint-z1 type bridge
nft add table ip garrison_lab_hint; nft add table ip garrison_azure_hint; nft add table ip theirs
iptables -N DOCKER-USER
iptables -A DOCKER-USER -s 192.0.2.1/32 -m comment --comment garrison-lab-hint -j DROP
iptables -A DOCKER-USER -s 192.0.2.2/32 -j DROP
`;

  test("everything that is found is gone after what is told, in its order, and nothing else", async () => {
    const stdout = await inNamespaces(`${LEAVE}
${look} >/run/left
${node} -e 'for (const { next } of JSON.parse(require("fs").readFileSync("/run/left", "utf8"))) console.log(next)' >/run/next
cat /run/next; ${TYPE}; echo after
${look}; nft list tables ip | grep theirs; iptables -S DOCKER-USER; pgrep -c sleep`);
    const [told = "", after = ""] = stdout.split("\nafter\n");
    expect(told.replace(/^kill \d+$/m, "kill <pid>").split("\n")).toEqual([
      "kill <pid>",
      "umount /run/hint/mounted/disk",
      "umount /run/hint/mounted",
      "rmdir /sys/fs/cgroup/memory/lxc.payload.hint-web",
      "iptables -D DOCKER-USER -s 192.0.2.1/32 -m comment --comment garrison-lab-hint -j DROP",
      expect.stringMatching(/^ip link delete hint/),
      expect.stringMatching(/^ip link delete hint/),
      "nft delete table ip garrison_lab_hint",
      "nft delete table ip garrison_azure_hint",
      "rm -r /run/hint/store",
      "rm -r /run/hint/mounted",
    ]);
    expect(after.split("\n")).toEqual([
      "[]",
      "table ip theirs",
      "-N DOCKER-USER",
      "-A DOCKER-USER -s 192.0.2.2/32 -j DROP",
      "1",
    ]);
  });
});

describe("of an estate that was removed", () => {
  const prefix = testPrefix();
  afterAll(() => removeByPrefix(prefix));

  test("its files, rules and control groups are gone after what is told", async () => {
    const places = {
      files: ["/run/hint/mount", "/run/hint/plain"],
      cgroups: ["/run/hint/group"],
      tables: ["garrison-hint"],
    };
    const told = leftBehind({ objects: [], ...places }, "npm run down").map(
      ({ fix }) => fix?.split(", then ")[0] ?? "",
    );
    const stdout =
      await inNamespaces(`mount -t tmpfs tmpfs /run; mkdir -p ${[...places.files, ...places.cgroups].join(" ")} /run/hint/theirs
mount -t tmpfs tmpfs /run/hint/mount; touch /run/hint/mount/secret /run/hint/plain/file
nft add table inet garrison-hint; nft add table inet theirs
cat >/run/next <<'NEXT'
${told.join("\n")}
NEXT
${TYPE}; ls -A /run/hint; nft list tables`);
    expect(told).toHaveLength(4);
    expect(stdout.split("\n")).toEqual(["theirs", "table inet theirs"]);
  });

  test("its container and its network are gone after what is told", async () => {
    const [image, network, container] = [`${prefix}-image:1`, `${prefix}-net`, `${prefix}-box`];
    await importBusybox(image);
    await docker("network", "create", network);
    await docker("run", "-d", "--name", container, "--network", network, image, "sleep", "600");
    const objects = [
      { kind: "container", id: "1", name: container },
      { kind: "network", id: "2", name: network },
    ] as const;
    const told = leftBehind({ objects, cgroups: [], files: [], tables: [] }, "npm run down");
    for (const { fix = "" } of told) await execa("sh", ["-ec", fix.split(", then ")[0] ?? ""]);
    expect(told).toHaveLength(2);
    expect(await docker("ps", "-aq", "--filter", `name=${container}`)).toBe("");
    expect(await docker("network", "ls", "-q", "--filter", `name=${network}`)).toBe("");
  }, 60_000);
});

test("a machine without a lasting host key has one after what is told", async () => {
  const { stdout, stderr } = await inOwnMounts(
    `rm -f /etc/ssh/ssh_host_*; mkdir -p "$(dirname ${PROGRAM_PATH})"; printf %s "$PROGRAM" >${PROGRAM_PATH}
forget() { sh ${PROGRAM_PATH} forget key >/run/answer 2>/run/said && code=0 || code=$?; echo "code $code"; }
forget; sed -n 's/.*first: //p' /run/said >/run/next; cat /run/next; sh -e /run/next >/dev/null; forget; cat /run/answer`,
    { PROGRAM: HOST_PROGRAM },
  );
  expect(stdout.split("\n"), stderr).toEqual([
    "code 1",
    `sh ${PROGRAM_PATH} rekey`,
    "code 0",
    expect.stringContaining("forgotten"),
  ]);
});

test("a work tree that is gone keeps its name from nobody after what is told", async () => {
  const directory = await mkdtemp(join(tmpdir(), "garrison-hints-"));
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: directory, reject: false });
  try {
    await git("init", "-q", "-b", "main");
    await git("commit", "-q", "--allow-empty", "-m", "a");
    await git("worktree", "add", "-q", "--detach", "base");
    await rm(join(directory, "base"), { recursive: true });
    expect((await git("worktree", "add", "-q", "--detach", "base")).exitCode).not.toBe(0);
    expect((await git("worktree", "prune")).exitCode).toBe(0);
    expect((await git("worktree", "add", "-q", "--detach", "base")).exitCode).toBe(0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

describe("of a machine that lacks something", () => {
  test.each([
    ["nft", "nftables"],
    ["namei", "util-linux"],
  ])("%s is in the package that is told", async (program, name) => {
    const { stdout } = await execa("sh", ["-ec", `dpkg -S "$(readlink -f "$(command -v ${program})")"`]);
    expect(stdout).toMatch(new RegExp(`^${name}: `));
  });
});
