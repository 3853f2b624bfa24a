import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { GVISOR } from "#components/container/gvisor.ts";
import { agentSeccomp } from "#components/container/seccomp/agent-profile.ts";
import { planFiles } from "#components/files/plan-files.ts";
import { publishedPorts } from "#components/machine/plan-machine.ts";
import { userOf } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { office } from "#stacks/office.ts";
import { inspect } from "#tests/support/docker.ts";
import { cgroupLimit, confinementOf, maskOf, mountsOf, namespaceOf } from "#tests/support/kernel.ts";
import { officeContext } from "#tests/support/office-files.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";

const MIB = 1024 ** 2;

let estate: LabEstate;

const isWaived = (service: ServiceSpec, id: string): boolean =>
  (service.waivers ?? []).some((waiver) => waiver.id === id);

/** What the kernel and the daemon say about the running containers, compared with the services' facts. */
export function posture(given: () => LabEstate): void {
  beforeAll(() => {
    estate = given();
  });

  /** With an init the first process is docker-init, which holds no more than what it starts. */
  describe.each(office.services.filter(({ agent }) => agent !== true))("$name", (service) => {
    test("runs as its own user with exactly the capabilities that were added back", async () => {
      const found = await confinementOf(await estate.pidOf(service.name));
      const { uid, gid } = userOf(service);
      const added = (service.waivers ?? []).flatMap((waiver) => waiver.add ?? []);
      expect({ uid: found.uid, gid: found.gid }).toEqual({ uid, gid });
      expect(found.capabilities.bounding).toBe(maskOf(added));
      expect(found.capabilities.effective).toBe(uid === 0 ? maskOf(added) : 0n);
      expect(found.noNewPrivileges).toBe(true);
      expect(found.seccomp).toBe(2);
    });

    test("has a read-only root and only the writable paths that it declares", async () => {
      const mounts = await mountsOf(await estate.pidOf(service.name));
      const root = mounts.find(({ path }) => path === "/");
      expect(root?.options[0]).toBe(isWaived(service, "container.read-only-root") ? "rw" : "ro");
      for (const [path, wanted] of Object.entries(service.writable)) {
        const mount = mounts.find((candidate) => candidate.path === path);
        expect(mount, path).toBeDefined();
        if (wanted.type !== "tmpfs") continue;
        expect(mount?.type).toBe("tmpfs");
        expect(mount?.options).toEqual(expect.arrayContaining(["nosuid", "nodev", "noexec"]));
        expect(mount?.options).toContain(`size=${String(wanted.size * 1024)}k`);
      }
      const files = planFiles([service], officeContext()).flatMap(({ directories }) => directories);
      for (const { target } of files) {
        const mount = mounts.find(({ path }) => path === target);
        expect(mount?.type, target).toBe("tmpfs");
        // Mounted read-only the daemon's runtime lets go of nosuid and its like; root alone can write there.
        expect(mount?.options[0], target).toBe("ro");
      }
      const declared = new Set([
        ...Object.keys(service.writable),
        ...Object.keys(service.mounts ?? {}),
        ...files.map(({ target }) => target),
      ]);
      const fromDocker = /^\/$|^\/(proc|sys|dev)(\/|$)|^\/etc\/(resolv\.conf|hostname|hosts)$|\/docker-init$/;
      const others = mounts
        .map(({ path }) => path)
        .filter((path) => !fromDocker.test(path) && !declared.has(realPath(path)));
      expect(others).toEqual([]);
    });

    test("shares no namespace with the host", async () => {
      const pid = await estate.pidOf(service.name);
      for (const kind of ["mnt", "pid", "ipc", "uts", "net", "cgroup"]) {
        expect(await namespaceOf(pid, kind), kind).not.toBe(await namespaceOf("self", kind));
      }
    });
  });

  /** What the host sees of an agent is gVisor: its code is looked at from inside. */
  describe.each(office.services.filter(({ agent }) => agent === true))("$name, inside gVisor", (service) => {
    const inside = async (script: string): Promise<string> =>
      (await execa("docker", ["exec", `${estate.id}-${service.name}`, "sh", "-c", script], { timeout: 60_000 })).stdout;

    test("has another kernel than the host, its own user and no capability", async () => {
      expect(await inside("cat /proc/version")).not.toContain((await execa("uname", ["-r"])).stdout);
      const { uid, gid } = userOf(service);
      expect(await inside("id -u; id -g")).toBe(`${String(uid)}\n${String(gid)}`);
      const status = await inside("cat /proc/1/status");
      for (const set of ["CapPrm", "CapEff", "CapBnd"]) expect(status).toMatch(new RegExp(`^${set}:\\s*0+$`, "m"));
      expect(status).toMatch(/^Seccomp:\s*2$/m);
    });

    test("has a read-only root and only the writable paths that it declares", async () => {
      const lines = (await inside("cat /proc/mounts")).split("\n").map((line) => line.split(" "));
      const mounts = new Map(
        lines.map(([, path = "", type = "", options = ""]) => [path, { type, options: options.split(",") }]),
      );
      expect(mounts.get("/")?.options[0]).toBe("ro");
      for (const [path, wanted] of Object.entries(service.writable)) {
        const size = wanted.type === "tmpfs" ? wanted.size : 0;
        expect(mounts.get(path)?.type, path).toBe("tmpfs");
        expect(mounts.get(path)?.options).toContain("noexec");
        expect(mounts.get(path)?.options.join()).toMatch(new RegExp(`size=(${String(size)}m|${String(size * 1024)}k)`));
      }
      const others = [...mounts.keys()].filter((path) => !(path in service.writable));
      expect(
        others.filter(
          (path) => !/^\/$|^\/(proc|sys|dev)(\/|$)|^\/etc\/(resolv\.conf|hostname|hosts)$|\/docker-init$/.test(path),
        ),
      ).toEqual([]);
    });

    test("sees no process but its own", async () => {
      const processes = Number(await inside("set -- /proc/[0-9]*; [ -d $1 ] && echo $#"));
      expect(processes).toBeGreaterThan(0);
      expect(processes).toBeLessThan(10);
    });

    test("runs under gVisor and the profile for it, as the daemon has them", async () => {
      const { HostConfig } = await inspect<Confined>(`${estate.id}-${service.name}`);
      expect(HostConfig.Runtime).toBe(GVISOR);
      expect(HostConfig.SecurityOpt).toContain(`seccomp=${agentSeccomp("runsc")}`);
    });
  });

  describe.each(office.services)("$name", (service) => {
    test("has its limits in the kernel: memory without swap, CPU quota, processes", async () => {
      const pid = await estate.pidOf(service.name);
      const { stdout } = await execa("docker", ["inspect", `${estate.id}-${service.name}`]);
      const [{ HostConfig: config }] = JSON.parse(stdout) as [Inspected];
      const memory = await cgroupLimit(pid, "memory", { v1: "memory.limit_in_bytes", v2: "memory.max" });
      expect(Number(memory.own)).toBeGreaterThanOrEqual(service.memoryFloor * MIB);
      expect(Number(memory.own)).toBeLessThanOrEqual(service.memory * MIB);
      expect(config.Memory).toBe(Number(memory.own));
      expect(config.MemorySwap).toBe(config.Memory);
      const cpu = await cgroupLimit(pid, "cpu", { v1: "cpu.cfs_quota_us", v2: "cpu.max" });
      const quota = Number(cpu.own?.split(" ")[0]);
      expect(quota).toBeGreaterThan(0);
      expect(quota).toBeLessThanOrEqual(service.cpus * 100_000);
      const pids = await cgroupLimit(pid, "pids", { v1: "pids.max", v2: "pids.max" });
      // An agent's is its parent's, which gVisor's own processes are under as well.
      expect(service.agent === true ? pids.parent : pids.own).toBe(String(service.pids));
      if (service.agent === true) expect(pids.parentPath).toContain(`garrison-${estate.id}`);
    });

    test("is what the daemon was asked for: image by digest, logs, restart, networks, devices", async () => {
      const { stdout } = await execa("docker", ["inspect", `${estate.id}-${service.name}`]);
      const [found] = JSON.parse(stdout) as [Inspected];
      expect(found.Config.Image).toMatch(/@sha256:[0-9a-f]{64}$/);
      expect(found.HostConfig.Privileged).toBe(false);
      expect(found.HostConfig.LogConfig).toEqual({ Type: "json-file", Config: { "max-file": "3", "max-size": "10m" } });
      expect(found.HostConfig.RestartPolicy.Name).toBe("unless-stopped");
      expect(found.HostConfig.Devices ?? []).toEqual([]);
      const wanted = office.networks.filter(({ members }) => members.includes(service.name));
      const names = wanted.map(({ name }) => `${estate.id}-${name}`);
      expect(Object.keys(found.NetworkSettings.Networks).sort()).toEqual(names.length > 0 ? names.sort() : ["none"]);
      const published = Object.values(found.HostConfig.PortBindings ?? {}).flatMap((bindings) =>
        bindings.map((b) => b.HostIp),
      );
      for (const address of published) expect(address).toMatch(/^127\./);
      expect(published).toHaveLength(publishedPorts(service.name, office.flows).length);
      expect(found.State.Health.Status).toBe("healthy");
    });
  });
}

interface Confined {
  readonly HostConfig: { readonly Runtime: string; readonly SecurityOpt: readonly string[] };
}

interface Inspected {
  readonly Config: { readonly Image: string };
  readonly State: { readonly Health: { readonly Status: string } };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
  readonly HostConfig: {
    readonly Privileged: boolean;
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly LogConfig: unknown;
    readonly RestartPolicy: { readonly Name: string };
    readonly Devices: readonly unknown[] | null;
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> | null;
  };
}

/** `/var/run` is a link to `/run` in most images. */
function realPath(path: string): string {
  return path === "/run/docker.sock" ? "/var/run/docker.sock" : path;
}
