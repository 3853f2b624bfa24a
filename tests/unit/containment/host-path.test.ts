import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { dangerOf, isPath } from "#containment/host-path.ts";

const kind = (path: string, readOnly = false) => dangerOf(path, { readOnly })?.kind;

describe("dangerOf", () => {
  test.each([
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/srv/somewhere/docker.sock",
    "/run/user/1000/docker.sock",
    "/run/user/1000",
    "/run/user",
    "/run",
    "/var/run",
    "/var",
    "/",
    "//",
    "/run/containerd",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/user/1000/podman/podman.sock",
    "/var/lib/incus",
    "/var/lib/incus/unix.socket",
    "/run/systemd/private",
    "/run/dbus/system_bus_socket",
    "/run/user/1000/bus",
    "/run/../var/run/docker.sock/",
  ])("%s leads to a socket", (path) => {
    expect(kind(path)).toBe("socket");
    expect(kind(path, true)).toBe("socket");
  });

  test.each([
    "/etc",
    "/etc/passwd",
    "/proc",
    "/proc/1/root",
    "/sys/fs/cgroup",
    "/dev/sda",
    "/boot",
    "/usr/bin",
    "/root/.ssh",
    "/home",
    "/home/ada",
    "/home/ada/.ssh/id",
    "/var/lib/docker/volumes",
    "/var/run/../etc/shadow",
    "/var/run/../spool/cron",
    "etc",
    "./etc",
    "~/x",
    "",
  ])("%j leads to files of the host", (path) => {
    expect(kind(path)).toBe("directory");
  });

  test.each([
    "/srv/data",
    "/run/garrison/lab/valkey",
    "/run/user/1000/app",
    "/home/ada/project",
    "/etcetera",
    "/opt/app",
    "/var/lib/app",
    "/mnt/data",
    "/media/disk/films",
    "/tmp/app",
    "/var/log/app",
    "/var/lib/postgresql/data",
    "/opt/app/config",
    "/srv",
    "/data",
    "/home/ada/.cache/app",
    "/Users/ada/project",
  ])("%s is not known to be dangerous", (path) => {
    expect(kind(path)).toBeUndefined();
  });

  test.each([
    "/mnt",
    "/media/",
    "/var/tmp",
    "/var/lib/cloud",
    "/var/lib/cloud/seed",
    "/var/lib/waagent",
    "/var/lib/waagent/Certificates.xml",
    "/var/lib/google",
    "/var/lib/rancher/k3s/server/token",
    "/var/lib/etcd",
    "/var/lib/sss/db",
    "/var/backups",
    "/var/spool/cron/crontabs",
    "/run/credentials/x",
    "/run/cloud-init",
    "/boot/efi",
    "/home/ada/.aws",
    "/home/ada/.kube/config",
    "/home/ada/.bashrc",
    "/home/ada/.pulumi/credentials.json",
    "/Users/ada/.ssh",
    "/private/etc/passwd",
    "/opt/cni/bin",
  ])("%s is known to be dangerous, read-only too", (path) => {
    expect(kind(path, true)).toBe("directory");
  });

  test.each([
    "/run/libvirt/libvirt-sock",
    "/private/var/run/docker.sock",
    "/srv/docker-proxy.sock",
    "/run/snapd.socket",
    "/tmp/.X11-unix",
    "/tmp",
    "/run/cri-dockerd.sock",
  ])("%s is a socket", (path) => {
    expect(kind(path, true)).toBe("socket");
  });

  test.each(["/var/log", "/var/log/journal", "/var/log/auth.log", "/var/lib/dpkg", "/run/udev"])(
    "%s may be read, and not written",
    (path) => {
      expect(kind(path, true)).toBeUndefined();
      expect(kind(path, false)).toBe("directory");
    },
  );

  test("files that everybody may read, only while they are read-only", () => {
    expect(kind("/etc/localtime", true)).toBeUndefined();
    expect(kind("/etc/ssl/certs/", true)).toBeUndefined();
    for (const path of ["/etc/machine-id", "/etc/os-release", "/usr/share/zoneinfo/Europe/Berlin", "/etc/hostname"])
      expect(kind(path, true)).toBeUndefined();
    expect(kind("/etc/localtime", false)).toBe("directory");
    expect(kind("/etc/localtime/../shadow", true)).toBe("directory");
  });

  test("another spelling of a path is the same path", () => {
    const detour = fc.constantFrom("/", "//", "/./", "/x/../", "/x/y/../../", "///.//");
    const path = fc.constantFrom(
      "/run/docker.sock",
      "/var/run/docker.sock",
      "/etc/shadow",
      "/proc",
      "/srv/data",
      "/run/garrison/x",
    );
    const end = fc.constantFrom("", "/", "/.", "//", "/x/..");
    fc.assert(
      fc.property(path, fc.array(detour, { minLength: 5, maxLength: 5 }), end, (plain, detours, last) => {
        const parts = plain.split("/").slice(1);
        const spelled = parts.map((part, index) => `${detours[index] ?? "/"}${part}`).join("") + last;
        expect(kind(spelled)).toBe(kind(plain));
      }),
    );
  });

  test("a parent of a dangerous path is dangerous", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("/run/docker.sock", "/var/lib/incus/unix.socket", "/etc/ssh"),
        fc.nat(4),
        (path, depth) => {
          const parent = `/${path.split("/").slice(1, depth).join("/")}`;
          expect(kind(parent)).toBeDefined();
        },
      ),
    );
  });
});

test("isPath tells a path from the name of a volume", () => {
  expect(["/x", "./x", "../x", "~/x", "a/b", "\\\\.\\pipe"].every(isPath)).toBe(true);
  expect(["x", "garrison-data", "a.b", "docker.sock"].some(isPath)).toBe(false);
});
