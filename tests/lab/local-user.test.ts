import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareScript } from "#components/container/host-scripts.ts";
import { entry, renderManifest } from "#components/host/bundle/bundle.ts";
import { HOST_PROGRAM } from "#components/host/bundle/host-script.ts";
import { bundleOf } from "../support/bare-host.ts";
import type { Done } from "../support/debian-machine.ts";
import { inOwnMounts } from "../support/own-mounts.ts";

// A local user without rights against the program that runs as root: real mounts, real nobody, real root.
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-attack-"));
  await writeFile(join(directory, "program"), HOST_PROGRAM);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const conf = entry("/srv/app/conf", "harmless\n", { owner: "nobody:nogroup" });

/** What an attacker wants: a file and a directory of root's, and one of root's whose name is taken from a path. */
const VICTIMS = `
echo secret >/etc/victim; chmod 600 /etc/victim
mkdir /etc/victims; echo secret >/etc/victims/conf; chmod 600 /etc/victims/conf
apply() { timeout 60 sh "$PROGRAM" apply <"$1" >/dev/null 2>/run/said && code=0 || code=$?; }
theirs() { mkdir -p "$1"; chown nobody:nogroup "$1"; }
tell() {
  echo "victim $(stat -c '%a %U' /etc/victim) $(cat /etc/victim)"
  echo "victims $(ls -A /etc/victims | tr '\\n' ' ')$(stat -c '%a %U' /etc/victims/conf 2>&1) $(cat /etc/victims/conf 2>&1)"
  echo "code $code"
  cat /run/said >&2
}
`;
const UNTOUCHED = ["victim 600 root secret", "victims conf 600 root secret"];

async function run(script: string, entries = [conf]): Promise<Done> {
  const [bundle, without] = [join(directory, "bundle"), join(directory, "without")];
  await writeFile(bundle, renderManifest(bundleOf(entries)));
  await writeFile(without, renderManifest(bundleOf([])));
  return inOwnMounts(`${VICTIMS}${script}\ntell`, {
    PROGRAM: join(directory, "program"),
    BUNDLE: bundle,
    WITHOUT: without,
  });
}

/** Attacks on what root writes, and the entry that is written meanwhile. */
const ATTACKS: readonly (readonly [string, string, string])[] = [
  [
    "a link under the name of the new file",
    conf.path,
    'theirs /srv/app; as_nobody ln -s /etc/victim /srv/app/.conf.garrison-new; apply "$BUNDLE"',
  ],
  [
    "a link in the place of the file's directory",
    "/srv/app/sub/conf",
    'theirs /srv/app; as_nobody ln -s /etc/victims /srv/app/sub; apply "$BUNDLE"',
  ],
  [
    "a link further up",
    "/srv/app/one/two/conf",
    'theirs /srv/app; mkdir -p /etc/victims/two; as_nobody ln -s /etc/victims /srv/app/one; apply "$BUNDLE"; rm -r /etc/victims/two',
  ],
  [
    "a link of root's that leads through a directory of theirs",
    "/srv/ours/conf",
    'theirs /srv/app; as_nobody ln -s /etc/victims /srv/app/sub; ln -s /srv/app/sub /srv/ours; apply "$BUNDLE"',
  ],
  [
    "a link in a directory that is everybody's",
    "/srv/all/conf",
    'mkdir -m 1777 /srv/all; as_nobody ln -s /etc/victim /srv/all/.conf.garrison-new; apply "$BUNDLE"',
  ],
  [
    "a link in a directory that is a group's",
    "/srv/group/conf",
    'mkdir -m 2775 /srv/group; chgrp nogroup /srv/group; as_nobody ln -s /etc/victim /srv/group/.conf.garrison-new; apply "$BUNDLE"',
  ],
  [
    "a pipe in the place of the file, which never ends",
    conf.path,
    'theirs /srv/app; as_nobody mkfifo /srv/app/conf; apply "$BUNDLE"',
  ],
  [
    "links that change while root works",
    "/srv/app/sub/conf",
    `theirs /srv/app
as_nobody sh -c 'cd /srv/app; while :; do mkdir sub; rm -rf sub; ln -s /etc/victims sub; rm -f sub; done' 2>/dev/null &
for round in $(seq 8); do apply "$BUNDLE"; done
kill $!`,
  ],
];

describe("a user without rights leads root nowhere", () => {
  test.each(ATTACKS)("by %s", async (_, path, script) => {
    const { stdout, stderr } = await run(script, [{ ...conf, path }]);
    expect(stdout.split("\n"), stderr).toEqual([...UNTOUCHED, "code 1"]);
    expect(stderr).toMatch(/^ {2}chown -h root:root \/srv\/\w+ && chmod go-w \/srv\/\w+ /m);
  });

  test("by a link where a file is put back, in a directory that became theirs meanwhile", async () => {
    const { stdout, stderr } = await run(`mkdir /srv/app; echo before >/srv/app/conf
apply "$BUNDLE"; [ "$code" = 0 ]
mkdir -p /etc/victims; rm -rf /srv/app; theirs /srv/app; rmdir /srv/app; ln -s /etc/victims /srv/app; chown -h nobody /srv/app
sh "$PROGRAM" rollback >/dev/null 2>/run/said && code=0 || code=$?`);
    expect(stdout.split("\n"), stderr).toEqual([...UNTOUCHED, "code 1"]);
    expect(stderr).toContain("its directory is not root's alone any more: /srv/app");
  });

  test("by a link where a file is removed that is no longer wanted", async () => {
    const { stdout, stderr } = await run(`apply "$BUNDLE"; [ "$code" = 0 ]
rm -rf /srv/app; ln -s /etc/victims /srv/app; chown -h nobody /srv/app
apply "$WITHOUT"`);
    expect(stdout.split("\n"), stderr).toEqual([...UNTOUCHED, "code 0"]);
    expect(stderr).toContain("/srv/app/conf is left as it is");
  });
});

describe("what is root's alone is written", () => {
  test.each([
    ["where nothing is yet", conf.path, ":"],
    [
      "beside a file that is somebody else's",
      conf.path,
      "mkdir /srv/app; echo x >/srv/app/other; chown nobody /srv/app/other",
    ],
    [
      "over a file that is somebody else's",
      conf.path,
      "mkdir /srv/app; echo x >/srv/app/conf; chown nobody /srv/app/conf",
    ],
    [
      "in the place of a link of root's, which is not followed",
      conf.path,
      "mkdir /srv/app; ln -s /etc/victim /srv/app/conf",
    ],
    ["behind a link of root's", "/srv/app/conf", "mkdir /srv/real; ln -s real /srv/app"],
    ["in a group's directory that it may only read", conf.path, "mkdir -m 2750 /srv/app; chgrp nogroup /srv/app"],
    [
      "after what the refusal says was typed",
      conf.path,
      `theirs /srv/app; apply "$BUNDLE"; sed -n 's/^  //p' /run/said | sh`,
    ],
  ])("%s", async (_, path, script) => {
    const { stdout, stderr } = await run(`${script}\napply "$BUNDLE"; cat ${path}; stat -c '%a %U:%G %F' ${path}`, [
      { ...conf, path },
    ]);
    expect(stdout.split("\n"), stderr).toEqual(["harmless", "644 nobody:nogroup regular file", ...UNTOUCHED, "code 0"]);
  });
});

describe("an account of the machine that has a container's number", () => {
  const users = [
    { container: "office-guard", uid: 21_000, gid: 21_000 },
    { container: "office-search", uid: 21_001, gid: 21_002 },
    { container: "office-proxy", uid: 0, gid: 0 },
  ];
  /** A daemon that says what it is asked, and the script that is run before the first container. */
  const prepared = `mkdir /usr/local/bin; printf '#!/bin/sh\\necho cgroupfs\\n' >/usr/local/bin/docker; chmod 755 /usr/local/bin/docker
PATH=/usr/local/bin:$PATH
prepare() { sh -s apply <"$PREPARE" 2>/run/said && code=0 || code=$?; cat /run/said; }
`;
  const told = async (script: string): Promise<Done> => {
    const file = join(directory, "prepare");
    await writeFile(file, prepareScript("office", "cgroupfs", [], [], [], users));
    return inOwnMounts(`${prepared}${script}`, { PREPARE: file });
  };

  test("is refused, whoever it is, and after what the refusal says was typed it is not and has its files", async () => {
    const { stdout, stderr } = await told(`
useradd -m -d /srv/alice -u 21000 alice; as_alice() { setpriv --reuid alice --regid alice --clear-groups "$@"; }
as_alice touch /srv/alice/diary
groupadd -g 21002 team; groupadd -g 2001 taken; usermod -aG team alice; useradd -r -M -u 21001 -g taken daemon-of-theirs
prepare; echo "code $code"
sed -n 's/^  //p' /run/said | sh; prepare; echo "code $code"
as_alice test -O /srv/alice/diary -a -G /srv/alice/diary; id -Gn alice`);
    expect(stdout.split("\n"), stderr).toEqual([
      expect.stringMatching(/^garrison: who gets out of a container is the account of its number\. .*:$/),
      "  usermod --uid 2002 alice    # it has 21000, as office-guard",
      "  usermod --uid 2003 daemon-of-theirs    # it has 21001, as office-search",
      "  groupmod --gid 2002 alice    # it has 21000, as office-guard",
      "  find /srv/alice -xdev -gid 21000 -execdir chgrp -h 2002 {} +",
      "  groupmod --gid 2003 team    # it has 21002, as office-search",
      "code 1",
      "code 0",
      "alice team",
    ]);
  });

  test("is nobody where the numbers are free, or only a group that nobody is in has one", async () => {
    const { stdout, stderr } = await told('groupadd -g 21002 team; prepare; echo "code $code"');
    expect(stdout, stderr).toBe("code 0");
  });
});
