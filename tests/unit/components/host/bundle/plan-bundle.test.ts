import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleId, renderManifest } from "#components/host/bundle/bundle.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { autheliaJail } from "#components/host/bundle/jail.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { aHost } from "./a-host.ts";

const bundle = planBundle(aHost());
const textOf = (path: string, from = bundle): string =>
  from.entries.find((entry) => entry.path === path)?.content ?? "";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "garrison-bundle-"));
  for (const { path, content, mode } of bundle.entries) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), content);
    chmodSync(join(directory, path), Number.parseInt(mode, 8));
  }
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("paths are sorted and different, and the order of a specification changes nothing", () => {
  const paths = bundle.entries.map(({ path }) => path);
  expect(paths).toEqual([...new Set(paths)].sort());
  const turned = aHost();
  const other: HostSpec = { ...turned, users: [...turned.users].reverse(), units: [...(turned.units ?? [])].reverse() };
  expect(renderManifest(planBundle(other))).toBe(renderManifest(bundle));
});

test("every change of a word changes the bundle's id", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const files = aHost().files ?? [];
      const changed = planBundle(
        aHost({ files: files.map((file) => ({ ...file, content: file.content + text.replaceAll("\0", "") + "#" })) }),
      );
      expect(bundleId(changed)).not.toBe(bundleId(bundle));
    }),
    { numRuns: 30 },
  );
});

test("no word of a manifest holds a blank", () => {
  for (const line of renderManifest(bundle)
    .trimEnd()
    .split("\n")
    .filter((one) => one.startsWith("entry "))) {
    expect(line.split(" ")).toHaveLength(10);
  }
});

describe("read by the program that it is for:", () => {
  test("sshd", () => {
    const key = join(directory, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    mkdirSync("/run/sshd", { recursive: true });
    const file = join(directory, "etc/ssh/sshd_config.d/10-garrison.conf");
    const found = execFileSync("/usr/sbin/sshd", ["-T", "-f", file, "-h", key], { encoding: "utf8" });
    for (const line of [
      "permitrootlogin no",
      "passwordauthentication no",
      "kbdinteractiveauthentication no",
      "allowusers deploy",
      "authenticationmethods publickey",
      "allowtcpforwarding no",
      "x11forwarding no",
    ]) {
      expect(found).toContain(`${line}\n`);
    }
  });

  test("nft", () => {
    const { status, stderr } = spawnSync(
      "unshare",
      ["--net", "/usr/sbin/nft", "-c", "-f", join(directory, "etc/garrison/rules.d/garrison-host.nft")],
      { encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("the shell", () => {
    expect(spawnSync("sh", ["-n", join(directory, "usr/local/lib/garrison/backup")]).status).toBe(0);
  });
});

test("Docker's settings are the benchmark's", () => {
  expect(JSON.parse(textOf("/etc/docker/daemon.json"))).toMatchObject({
    icc: false,
    "userland-proxy": false,
    "live-restore": true,
    "no-new-privileges": true,
    "log-opts": { "max-size": "10m", "max-file": "3" },
    // The secrets of a process that dies stay off the disk.
    "default-ulimits": { core: { Soft: 0, Hard: 0 } },
  });
  expect(textOf("/etc/docker/daemon.json")).not.toContain("userns-remap");
});

describe("jails", () => {
  const file = "/etc/fail2ban/jail.d/90-garrison.local";
  const namesIn = (own: typeof bundle) => [...textOf(file, own).matchAll(/^\[(.*)\]$/gm)].map(([, name]) => name);
  const authelia = { jails: { authelia: autheliaJail("main") } };

  test("are seven where Authelia is asked, and ban nobody who must get in", () => {
    expect(namesIn(planBundle(aHost(authelia)))).toEqual([
      "DEFAULT",
      "sshd",
      "nginx-bad-request",
      "nginx-botsearch",
      "nginx-hidden-files",
      "nginx-limit-req",
      "recidive",
      "authelia",
    ]);
    expect(textOf(file)).toContain("ignoreip = 127.0.0.0/8 192.0.2.10 198.51.100.0/24 203.0.113.7 ::1\n");
  });

  test("go with the service that they are for, and so does its sandbox", () => {
    expect(namesIn(bundle)).not.toContain("authelia");
    const without = planBundle({ ...aHost(), nginx: undefined } as unknown as HostSpec);
    expect(namesIn(without)).toEqual(["DEFAULT", "sshd", "recidive"]);
    const dropIns = (own: typeof bundle) =>
      own.entries.map(({ path }) => path).filter((path) => path.includes(".service.d/"));
    expect(dropIns(bundle)).toEqual([
      "/etc/systemd/system/fail2ban.service.d/garrison.conf",
      "/etc/systemd/system/nginx.service.d/garrison.conf",
    ]);
    expect(dropIns(without)).toEqual(["/etc/systemd/system/fail2ban.service.d/garrison.conf"]);
    expect(dropIns(planBundle(aHost({ fail2ban: false })))).toEqual([
      "/etc/systemd/system/nginx.service.d/garrison.conf",
    ]);
  });

  test("read no log in which a visitor writes whole lines", () => {
    const logs = [...textOf(file, planBundle(aHost(authelia))).matchAll(/^logpath = (.*)$/gm)].map(([, log]) => log);
    expect([...new Set(logs)].sort()).toEqual([
      "/var/log/fail2ban.log",
      "/var/log/nginx/*access.log",
      "/var/log/nginx/main.access.log",
    ]);
  });

  test("find the log of a site that is new", () => {
    const actions = bundle.entries.find(({ path }) => path === "/etc/nginx/conf.d/50-main.conf")?.actions;
    expect(actions).toEqual(["4:reload:nginx.service", "4:restart:fail2ban.service"]);
  });
});

test("root is let in only where deployments come as root, and then by key only", () => {
  const host = aHost();
  const root = { name: "root", uid: 0, keys: host.users[1]?.keys ?? [] };
  const own = planBundle({ ...host, access: { ...host.access, deployer: "root" }, users: [...host.users, root] });
  expect(textOf("/etc/ssh/sshd_config.d/10-garrison.conf", own)).toMatch(
    /AllowUsers ops root\n[\s\S]*PermitRootLogin prohibit-password\n/,
  );
  expect(own.users.map(({ name }) => name)).toEqual(["deploy", "ops"]);
});

test("what can lock the operator out is guarded, and nothing else is", () => {
  const guarded = bundle.entries.filter((entry) => entry.guarded).map(({ path }) => path);
  expect(guarded).toEqual([
    "/etc/docker/daemon.json",
    "/etc/garrison/rules.d/garrison-host.nft",
    "/etc/ssh/authorized_keys.d/deploy",
    "/etc/ssh/authorized_keys.d/ops",
    "/etc/ssh/sshd_config.d/10-garrison.conf",
    "/etc/sudoers.d/90-garrison-deploy",
    "/etc/sudoers.d/90-garrison-ops",
  ]);
});

test("what comes from an estate's bridges is left to the estate's own table", () => {
  const own = planBundle(aHost({ firewall: { open: [], estates: ["garrison"] } }));
  expect(textOf("/etc/garrison/rules.d/garrison-host.nft", own)).toContain('iifname "garrison-*" accept');
  expect(own.entries.filter(({ path }) => path.startsWith("/etc/garrison/rules.d/"))).toHaveLength(1);
});

test("a bastion passes ssh on to what it is for, and every other machine nothing", () => {
  const sshdOf = (spec: HostSpec) =>
    planBundle(spec).entries.find(({ path }) => path.endsWith("10-garrison.conf"))?.content ?? "";
  expect(sshdOf(aHost())).toContain("AllowTcpForwarding no\n");
  const { access } = aHost();
  const bastion = sshdOf(aHost({ access: { ...access, passesOnTo: ["10.88.0.132:22"] } }));
  expect(bastion).toContain("AllowTcpForwarding local\nPermitOpen 10.88.0.132:22\n");
  expect(() => planBundle(aHost({ access: { ...access, passesOnTo: ["10.88.0.132"] } }))).toThrow("access.passesOnTo");
});

describe("behind proxies", () => {
  const proxied = planBundle(aHost({ nginx: { sites: {}, proxies: ["203.0.113.0/24", "192.0.2.0/24"] } }));
  const limits = "/etc/nginx/conf.d/00-garrison.conf";
  const jails = "/etc/fail2ban/jail.d/90-garrison.local";

  test("nginx takes the visitor's address from them alone, and refuses whom fail2ban bans", () => {
    expect(textOf(limits, proxied)).toContain(`set_real_ip_from 192.0.2.0/24;
set_real_ip_from 203.0.113.0/24;
real_ip_header CF-Connecting-IP;
include /var/lib/fail2ban/nginx-banned-*.conf;
`);
    expect(textOf(limits)).not.toMatch(/real_ip|include/);
  });

  test("bans of visitors are nginx's and bans of ssh the kernel's, and no proxy is banned", () => {
    const text = textOf(jails, proxied);
    const jail = (name: string): string => text.slice(text.indexOf(`[${name}]`)).split("\n\n")[0] ?? "";
    for (const name of ["nginx-bad-request", "nginx-botsearch", "nginx-hidden-files", "nginx-limit-req"])
      expect(jail(name)).toContain("action = garrison-nginx-deny[name=%(__name__)s]");
    expect(jail("sshd")).not.toContain("action");
    expect(jail("recidive")).toMatch(/action = %\(action_\)s\n +garrison-nginx-deny/);
    expect(text).toMatch(/^ignoreip = .*192\.0\.2\.0\/24.*203\.0\.113\.0\/24/m);
    expect(textOf(jails)).not.toContain("garrison-nginx-deny");
  });

  test("the jails' action comes along, and only then", () => {
    const action = "/etc/fail2ban/action.d/garrison-nginx-deny.conf";
    expect(textOf(action, proxied)).toContain("printf 'deny %%s;\\n' '<ip>'");
    expect(textOf(action)).toBe("");
  });
});

test("Docker comes with what confines its containers", () => {
  expect(bundle.packages).toEqual(expect.arrayContaining(["apparmor", "ca-certificates", "docker.io"]));
  expect(planBundle({ ...aHost(), docker: undefined } as unknown as HostSpec).packages).not.toContain("apparmor");
});

test("memory may be promised beyond what there is: databases save with a copy of themselves", () => {
  expect(textOf("/etc/sysctl.d/90-garrison.conf")).toContain("vm.overcommit_memory = 1\n");
});

test("the machine's rules are loaded where a local user has left no inode for systemd's directories in /tmp", () => {
  const text = textOf("/etc/systemd/system/garrison-rules.service");
  // systemd 252 makes one for each of these, and says 226/NAMESPACE where it cannot.
  expect(text.match(/^Private(Tmp|Devices)=.*$/gm)).toEqual(["PrivateTmp=no", "PrivateDevices=no"]);
  expect(text).toContain("\nDevicePolicy=closed\n");
});

describe("a neighbour that says it is the router", () => {
  const rulesOf = (sysctl: Readonly<Record<string, string>>) =>
    textOf("/etc/garrison/rules.d/garrison-host.nft", planBundle({ ...aHost(), sysctl }));
  const drop = "    icmpv6 type { nd-router-advert, nd-redirect } drop\n    meta l4proto ipv6-icmp accept\n";

  test("is not heard: all.accept_ra is read of no interface", () => {
    expect(textOf("/etc/garrison/rules.d/garrison-host.nft")).toContain(drop);
    expect(rulesOf({ "net.ipv6.conf.all.accept_ra": "0" })).toContain(drop);
    expect(textOf("/etc/sysctl.d/90-garrison.conf")).toContain("net.ipv6.conf.default.accept_ra = 0\n");
  });

  test("is heard where the machine's own settings want it", () => {
    expect(rulesOf({ "net.ipv6.conf.eth0.accept_ra": "2" })).not.toContain("nd-router-advert");
  });
});
