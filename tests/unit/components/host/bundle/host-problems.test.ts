import { describe, expect, test } from "vitest";
import { hostProblems } from "#components/host/bundle/host-problems.ts";
import type { HostSpec, HostUnit } from "#components/host/bundle/host-spec.ts";
import { autheliaJail } from "#components/host/bundle/jail.ts";
import type { Jail } from "#components/host/bundle/jail.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { aHost, deployerKey, operatorKey } from "./a-host.ts";

const lines = (changes: Partial<HostSpec>): string[] =>
  hostProblems(aHost(changes)).map(({ property, found }) => `${property}: ${found}`);
const host = aHost();
const unit = (changes: Partial<HostUnit>): Partial<HostSpec> => ({
  units: [{ name: "a.service", unit: { Description: "A" }, service: { ExecStart: "/bin/true" }, ...changes }],
});
const file = (path: string, mode = "0644"): Partial<HostSpec> => ({ files: [{ path, content: "", mode }] });
const jail = (changes: Partial<Jail>): Jail => ({ ...autheliaJail("main"), ...changes });
const users = (ops: object, deploy: object = {}): Partial<HostSpec> => ({
  users: [
    { name: "ops", uid: 1500, keys: [operatorKey], sudo: true, ...ops },
    { name: "deploy", uid: 1501, keys: [deployerKey], sudo: true, groups: ["docker"], ...deploy },
  ],
});

test("the example is in order", () => {
  expect(hostProblems(host)).toEqual([]);
});

/** One mutation of the example each, and what has to be said about it. */
const mutations: Readonly<Record<string, readonly [changes: Partial<HostSpec>, expected: RegExp]>> = {
  "no operator": [{ access: { ...host.access, operators: [] } }, /access.operators: nobody/],
  "an operator whom nobody makes": [
    { access: { ...host.access, operators: ["ghost"] } },
    /access.operators: ghost, whom/,
  ],
  "a deployer whom nobody makes": [{ access: { ...host.access, deployer: "ghost" } }, /access.deployer: ghost, whom/],
  "an operator without a key": [users({ keys: [] }), /users.ops.keys: none/],
  "an operator without a shell": [users({ shell: "/usr/sbin/nologin" }), /users.ops.shell/],
  "an operator who cannot repair": [users({ sudo: false }), /users.ops.sudo/],
  "a deployer without the daemon": [users({}, { groups: [] }), /users.deploy.groups: not docker/],
  "a key that is none": [users({ keys: ["ssh-ed25519 short"] }), /users.ops.keys/],
  "two keys in one line": [users({ keys: [`${operatorKey}\nssh-rsa x`] }), /users.ops.keys/],
  "two users of a name": [users({ name: "deploy" }), /users.deploy: the same name twice/],
  "two users of a number": [users({ uid: 1501 }), /users.deploy.uid: 1501, which is ops's/],
  "a number of a container's": [users({ uid: 20_001 }), /users.ops.uid: 20001/],
  "nowhere to come from": [{ access: { ...host.access, operatorsFrom: [] } }, /access.operatorsFrom: nowhere/],
  "everywhere to come from, with a fail2ban that may ban everybody": [
    { access: { ...host.access, deployerFrom: ["0.0.0.0/0"] } },
    /access.deployerFrom: everywhere/,
  ],
  "everywhere in halves": [
    { access: { ...host.access, operatorsFrom: ["0.0.0.0/1", "128.0.0.0/1"] } },
    /access.operatorsFrom: everywhere, or nearly: 0.0.0.0\/1, 128.0.0.0\/1/,
  ],
  "half of everywhere": [
    { access: { ...host.access, deployerFrom: ["128.0.0.0/1"] } },
    /access.deployerFrom: everywhere, or nearly/,
  ],
  "everywhere in small parts, over several lists": [
    {
      access: {
        ...host.access,
        operatorsFrom: Array.from({ length: 12 }, (_, index) => `${String(index + 1)}.0.0.0/8`),
        estate: Array.from({ length: 12 }, (_, index) => `${String(index + 21)}.0.0.0/8`),
      },
    },
    /access.operatorsFrom: \d+ blocks that hold a sixteenth/,
  ],
  "an IPv6 sender, whom the rules do not know": [
    { access: { ...host.access, estate: ["2001:db8::/32"] } },
    /access.estate: "2001:db8::\/32"/,
  ],
  "a block that is none": [{ access: { ...host.access, estate: ["10.0.0.1/8"] } }, /access.estate: "10.0.0.1\/8"/],
  "networks that overlap": [
    { networks: { a: "10.0.0.0/16", b: "10.0.128.0/17" } },
    /networks.b: 10.0.128.0\/17, which overlaps 10.0.0.0\/16/,
  ],
  "sshd's port opened for others": [
    { firewall: { open: [{ port: 22, protocol: "tcp", from: ["0.0.0.0/0"], why: "a mistake" }] } },
    /firewall.open.22: the port of sshd/,
  ],
  "a port for nobody": [
    { firewall: { open: [{ port: 80, protocol: "tcp", from: [], why: "a mistake" }] } },
    /from: nobody/,
  ],
  "a file outside the roots": [file("/root/.bashrc"), /outside the allowed roots/],
  "a file that climbs out": [file("/etc/../root/x"), /files.\/etc\/..\/root\/x/],
  "a file with a blank": [file("/etc/a b"), /files.\/etc\/a b/],
  "a file that decides who is who": [file("/etc/shadow"), /decides who gets in/],
  "a file beside sshd's": [file("/etc/ssh/sshd_config.d/00-mine.conf"), /decides who gets in/],
  "a file with a set-user-ID bit": [file("/usr/local/bin/x", "4755"), /mode: 4755/],
  "a file that all may write": [file("/etc/x", "0666"), /mode: 0666/],
  "a file that another part makes": [file("/etc/docker/daemon.json"), /daemon.json: made twice/],
  "a unit without a kind": [unit({ name: "a.servce" }), /units.a.servce/],
  "a unit that does nothing": [unit({ service: {} }), /service: nothing to do/],
  "a unit with another kind's section": [unit({ timer: { OnCalendar: "daily" } }), /timer: a section of a timer/],
  "a unit with two lines in one": [unit({ service: { ExecStart: "/bin/true\nUser=root" } }), /more than one line/],
  "a unit that starts something relative": [unit({ service: { ExecStart: "true" } }), /ExecStart: "true"/],
  "a unit that leaves its sandbox": [unit({ service: { ExecStart: "+/bin/true" } }), /ExecStart: "\+\/bin\/true"/],
  "a waiver that says nothing": [
    unit({ waiver: { exposure: 40, reason: "needed", owner: "ops", expires: "2027-02-30" } }),
    /reason "needed"[\s\S]*expires "2027-02-30"/,
  ],
  "forwarding switched off below Docker": [{ sysctl: { "net.ipv4.ip_forward": "0" } }, /ip_forward: 0/],
  "a kernel setting with a line end": [{ sysctl: { "kernel.panic": "1\nkernel.x = 2" } }, /sysctl.kernel.panic/],
  "a jail of a site that is not there": [{ jails: { a: autheliaJail("shop") } }, /jails.a.reads: shop/],
  "a jail of Nginx without Nginx": [
    {
      nginx: undefined,
      jails: { a: { ...autheliaJail("main"), reads: "nginx-accesses" } },
    } as unknown as Partial<HostSpec>,
    /jails.a.reads: "nginx-accesses"/,
  ],
  "a jail without fail2ban": [{ fail2ban: false, jails: { a: autheliaJail("main") } }, /jails.a: a jail of a machine/],
  "a jail that every machine has": [{ jails: { sshd: autheliaJail("main") } }, /jails.sshd: a jail that every/],
  "a jail whose name is none": [{ jails: { "a]\n[b": autheliaJail("main") } }, /jails.a\]\n\[b: "a\]/],
  "a jail that looks for nothing": [{ jails: { a: jail({ filter: [] }) } }, /jails.a.filter: \[\]/],
  "a jail with two lines in one": [{ jails: { a: jail({ filter: "x\nbantime = -1" }) } }, /jails.a.filter: "x/],
  "lines of our own for another log": [
    { jails: { a: jail({ reads: "journal" }) } },
    /jails.a.filter: lines of our own/,
  ],
  "a jail of a log with a blank": [
    { jails: { a: jail({ filter: "x", reads: { file: "/var/log/a b" } }) } },
    /jails.a.reads: "\/var\/log\/a b"/,
  ],
  "a jail of no port": [{ jails: { a: jail({ ports: [] }) } }, /jails.a.ports: \[\]/],
  "a jail of a port that is none": [{ jails: { a: jail({ ports: [0] }) } }, /jails.a.ports: \[0\]/],
  "a jail that bans at once, always": [
    { jails: { a: jail({ maxRetry: 0, findSeconds: 1.5, banSeconds: -1 }) } },
    /maxRetry: 0[\s\S]*findSeconds: 1.5[\s\S]*banSeconds: -1/,
  ],
  "too little time to confirm": [{ confirmSeconds: 5 }, /confirmSeconds: 5/],
  "a package that is an option": [{ packages: ["--allow-unauthenticated"] }, /packages/],
};

describe("refused:", () => {
  test.each(Object.entries(mutations))("%s", (_, [changes, expected]) => {
    expect(lines(changes).join("\n")).toMatch(expected);
  });
});

test("everything at once, before anything is rendered", () => {
  const bad = aHost({
    ...users({ keys: [] }, { uid: 1500 }),
    ...file("/root/x"),
    sysctl: { "net.ipv4.ip_forward": "0" },
  });
  expect(() => planBundle(bad)).toThrow(ProblemsError);
  expect(() => planBundle(bad)).toThrow(/4 problems; nothing was created/);
});
