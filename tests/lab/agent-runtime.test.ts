import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GVISOR } from "#components/container/gvisor.ts";
import { agentSeccomp } from "#components/container/seccomp/agent-profile.ts";
import { ensureGvisor } from "#scripts/docker/gvisor.ts";
import { docker, importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";
import { attempting, errnos, FORBIDDEN, PERMITTED } from "../support/forbidden-calls.ts";

/** What holds an agent's code, under Docker's usual runtime and under gVisor: each attempt with and without the setting. */
const prefix = testPrefix();
const image = `${prefix}-agent`;
const network = `${prefix}-net`;
const engine = new Docker();
const MIB = 1024 ** 2;
const seconds = 1000;
const EPERM = 1;
const ENOSYS = 38;

beforeAll(async () => {
  await ensureGvisor(engine, false, "npm test -- lab");
  // perl is on every Debian, and makes any system call by its number.
  const perl = "cp /usr/bin/perl bin/ && ldd /usr/bin/perl | grep -o '/[^ ]*' | xargs -I{} cp --parents -L {} .";
  await importBusybox(
    image,
    `for a in cp dd echo; do ln -sf busybox bin/$a; done; mkdir work; chmod 1777 work; ${perl}`,
  );
  await docker("network", "create", "--internal", network);
}, 180 * seconds);

afterAll(async () => {
  await removeByPrefix(prefix);
}, 60 * seconds);

interface Ended {
  readonly code: number;
  readonly output: string;
}

let count = 0;

/** Runs a command to its end, as a user without rights unless the settings say otherwise. */
async function attempt(command: readonly string[], settings: Docker.HostConfig, User = "20001:20001"): Promise<Ended> {
  count += 1;
  const container = await engine.createContainer({
    name: `${prefix}-${String(count)}`,
    Image: image,
    Cmd: [...command],
    User,
    HostConfig: { CapDrop: ["ALL"], NetworkMode: "none", ...settings },
  });
  try {
    await container.start();
    const { StatusCode: code } = (await container.wait()) as { readonly StatusCode: number };
    return { code, output: await docker("logs", `${prefix}-${String(count)}`) };
  } finally {
    await container.remove({ force: true });
  }
}

const shell = (script: string): string[] => ["/bin/sh", "-c", script];

describe.each(["runc", GVISOR])("under %s", (runtime) => {
  const memory = { Memory: 96 * MIB, MemorySwap: 96 * MIB };
  const held = { Runtime: runtime };

  test("more memory than was given ends the container, and is there without the limit", async () => {
    const hog = ["/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"];
    expect((await attempt(hog, { ...held, ...memory })).code).toBe(137);
    expect((await attempt(hog, held)).code).toBe(0);
  }, 90_000);

  test("a fork bomb never gets as far as it does without a limit, which a parent cgroup carries too", async () => {
    const bomb = shell('n=0; while [ $n -lt 250 ]; do sleep 5 & n=$((n+1)); done 2>/dev/null; echo "all $n"');
    const bounded = await attempt(bomb, { ...held, PidsLimit: 200 });
    expect(bounded.output).not.toContain("all 250");
    expect(bounded.code).not.toBe(0);
    expect((await attempt(bomb, held)).output).toContain("all 250");
  }, 120_000);

  test("the root is read-only", async () => {
    const write = shell("echo x > /bin/new");
    expect((await attempt(write, { ...held, ReadonlyRootfs: true }, "0:0")).code).not.toBe(0);
    expect((await attempt(write, held, "0:0")).code).toBe(0);
  }, 90_000);

  test("a temporary directory has its size, and nothing in it is run", async () => {
    const on = (options: string) => ({ ...held, Tmpfs: { "/work": options } });
    const fill = shell("dd if=/dev/zero of=/work/fill bs=1M count=8 2>/dev/null");
    const start = shell("cp /bin/busybox /work/busybox && /work/busybox true");
    const ours = on("rw,noexec,nosuid,nodev,size=4m,mode=1777");
    const free = on("rw,exec,size=64m,mode=1777");
    expect((await attempt(fill, ours)).code).not.toBe(0);
    expect((await attempt(start, ours)).code).not.toBe(0);
    expect((await attempt(fill, free)).code).toBe(0);
    expect((await attempt(start, free)).code).toBe(0);
  }, 120_000);

  test("a peer is reached on a network, and from nowhere else", async () => {
    const peer = `${prefix}-peer-${runtime}`;
    const serve = "while :; do nc -l -p 99 -e /bin/echo hello; done";
    await docker("run", "-d", "--name", peer, "--network", network, image, "/bin/sh", "-c", serve);
    const address = await docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", peer);
    const call = shell(`busybox timeout 5 nc ${address} 99`);
    expect((await attempt(call, { ...held, NetworkMode: network })).output).toBe("hello");
    expect((await attempt(call, held)).output).not.toContain("hello");
    await docker("rm", "-f", peer);
  }, 90_000);
});

describe("the seccomp profile", () => {
  const perl = (calls: typeof FORBIDDEN) => ["/bin/perl", "-e", attempting(calls)];
  const profiled = (profile: string, runtime?: string): Docker.HostConfig => ({
    SecurityOpt: ["no-new-privileges:true", `seccomp=${profile}`],
    ...(runtime !== undefined && { Runtime: runtime }),
  });
  const all = [...PERMITTED, ...FORBIDDEN];
  const refusing = Object.fromEntries(FORBIDDEN.map(([name]) => [name, EPERM]));
  const permitting = Object.fromEntries(PERMITTED.map(([name]) => [name, 0]));

  test("refuses below runc what the kernel would not have refused so", async () => {
    const open = errnos((await attempt(perl(all), profiled("unconfined"))).output);
    const ours = errnos((await attempt(perl(all), profiled(agentSeccomp("runc")))).output);
    expect(ours).toMatchObject({ ...permitting, ...refusing });
    expect(open).toMatchObject(permitting);
    for (const [name] of FORBIDDEN) expect(open[name], `${name} without a profile`).not.toBe(EPERM);
  }, 60_000);

  test("refuses inside gVisor, by the profile where gVisor has the call and besides where it has not", async () => {
    const without = errnos((await attempt(perl(all), profiled("unconfined", GVISOR))).output);
    const ours = errnos((await attempt(perl(all), profiled(agentSeccomp("runsc"), GVISOR))).output);
    expect(ours).toMatchObject({ ...permitting, ...refusing });
    // gVisor has these; what lets them through without the profile, and with it does not, is the profile.
    expect(without).toMatchObject({ ...permitting, AF_NETLINK: 0, msgget: 0 });
    // And these it has not.
    for (const name of ["AF_VSOCK", "AF_ALG", "bpf", "kcmp"]) expect(without[name], name).not.toBe(0);
  }, 90_000);

  test("clone3 is none below runc, so that clone is asked, and works inside gVisor", async () => {
    const clone3 = [["clone3", 435, 0, 0]] as const;
    const below = errnos((await attempt(perl(clone3), profiled(agentSeccomp("runc")))).output);
    expect(below).toEqual({ clone3: ENOSYS });
    const inside = errnos((await attempt(perl(clone3), profiled(agentSeccomp("runsc"), GVISOR))).output);
    expect(inside.clone3).not.toBe(EPERM);
    const wrong = errnos((await attempt(perl(clone3), profiled(agentSeccomp("runc"), GVISOR))).output);
    expect(wrong).toEqual({ clone3: EPERM });
  }, 90_000);

  test("a call of another numbering ends the process", async () => {
    const x32 = [["getpid of x32", 0x4000_0000 + 39]] as const;
    expect((await attempt(perl(x32), profiled(agentSeccomp("runc")))).code).toBe(159);
    expect((await attempt(perl(x32), profiled("unconfined"))).code).toBe(0);
  }, 60_000);
});
