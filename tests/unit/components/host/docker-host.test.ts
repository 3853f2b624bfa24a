import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { isRemote, sshOptions, sshTarget } from "#components/host/docker-host.ts";
import type { DockerSettings } from "#components/host/docker-host.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const remote: DockerSettings = { host: "ssh://garrison@office.example:2222", hostKey: KEY, cgroupDriver: "systemd" };

/** What ssh itself makes of the options. */
function effective(settings: DockerSettings): Map<string, string> {
  const words = ["-G", "-F", "/dev/null", ...sshOptions(settings), "office.example"];
  const lines = execFileSync("ssh", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
    .trim()
    .split("\n");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const));
}

describe("a connection over ssh", () => {
  test("knows one host key, from the settings, and trusts nothing at first sight", () => {
    const options = effective(remote);
    expect(options.get("stricthostkeychecking")).toBe("true");
    expect(options.get("knownhostscommand")).toBe(`/bin/echo %H ${KEY}`);
    expect(options.get("userknownhostsfile")).toBe("/dev/null");
    expect(options.get("globalknownhostsfile")).toBe("/dev/null");
  });

  test("asks nothing and is shared", () => {
    const options = effective(remote);
    expect(options.get("batchmode")).toBe("yes");
    expect(options.get("controlmaster")).toBe("auto");
    expect(options.get("controlpersist")).toBe("60");
    expect(options.get("controlpath")).toMatch(/garrison-/);
  });

  test("uses the named key file and no other", () => {
    // ssh ignores a key file that is not there; any file will do here.
    const options = effective({ ...remote, identityFile: import.meta.filename });
    expect(options.get("identityfile")).toBe(import.meta.filename);
    expect(options.get("identitiesonly")).toBe("yes");
    expect(effective(remote).get("identitiesonly")).toBe("no");
  });
});

test("what one host key has proven is not shared with what expects another", () => {
  const path = (hostKey: string) => effective({ ...remote, hostKey }).get("controlpath");
  expect(path(KEY)).toBe(path(KEY));
  expect(path(KEY)).not.toBe(path(`${KEY}=`));
});

test("a machine behind another is reached through it, each with its own key, and ssh reads the line as it is meant", () => {
  const jump = { host: "ssh://garrison@198.51.100.7:2200", hostKey: "ssh-ed25519 BBBB" };
  const options = effective({ ...remote, jump });
  expect(options.get("knownhostscommand")).toBe(`/bin/echo %H ${KEY}`);
  const line = options.get("proxycommand") ?? "";
  expect(line).toContain("'KnownHostsCommand=/bin/echo %%H ssh-ed25519 BBBB'");
  expect(line.indexOf("ControlPath=none")).toBeLessThan(line.indexOf("ControlPath=~"));
  expect(line).toMatch(/-p 2200 -W %h:%p -- garrison@198\.51\.100\.7$/);
});

test("the address is split into user, name and port", () => {
  expect(sshTarget(remote)).toEqual({ destination: "garrison@office.example", port: "2222" });
  expect(sshTarget({ ...remote, host: "ssh://root@10.0.0.4" })).toEqual({ destination: "root@10.0.0.4", port: "22" });
});

test("a socket is local", () => {
  expect(isRemote(remote)).toBe(true);
  expect(isRemote({ host: "unix:///var/run/docker.sock", cgroupDriver: "cgroupfs" })).toBe(false);
});
