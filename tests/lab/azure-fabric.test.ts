import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fabric, MachineFact, NetworkFacts } from "#lab/fabric/fabric.ts";
import { openFabric } from "#lab/azure/incus-fabric.ts";
import { machinePlace } from "#lab/azure/layout.ts";
import { layOutInternet } from "#lab/internet/layout.ts";
import { makeNetwork, removeNetwork } from "#lab/internet/network.ts";
import { debianMirror } from "#lab/images/host-tools.ts";
import { newKey } from "#lab/machines/keys.ts";
import { readLabFacts } from "#lab/machines/facts.ts";
import { azureNames } from "#lab/machines/layout.ts";
import { commandOf, processes } from "#helpers/processes/processes.ts";
import { aRule, azureAddress } from "../support/azure-facts.ts";
import { askTeller, listenOn, onVirtualMachine, teller } from "../support/azure-lab.ts";
import { freeBlocks } from "../support/lab-internet.ts";
import { hostPicture, testLab } from "../support/lab-machines.ts";
import type { TestLab } from "../support/lab-machines.ts";

// Azure's network and machines as this host has them: real packets, a real cloud-init, real disks.
const minutes = 60_000;
const context = { signal: new AbortController().signal, tell: () => undefined };
const publicOf = { web: azureAddress(241), nat: azureAddress(242), gpu: azureAddress(243) };
const addressOf = { web: "10.211.1.4", near: "10.211.1.5", back: "10.211.2.4", gpu: "10.212.1.4" };
const closed = 9090;
const open = 8080;

let before: string[];
let lab: TestLab;
let fabric: Fabric;
let files: string;
let internet: ReturnType<typeof layOutInternet>;
const firstBootKey = newKey("first-boot");
const login = newKey("login");

const facts: NetworkFacts = {
  networks: [
    {
      id: "/a",
      addressSpace: ["10.211.0.0/16"],
      peers: ["/b"],
      subnets: [
        { id: "/a/web", prefix: "10.211.1.0/24", defaultOutbound: false },
        { id: "/a/back", prefix: "10.211.2.0/24", natGateway: "/nat", defaultOutbound: false },
      ],
    },
    {
      id: "/b",
      addressSpace: ["10.212.0.0/16"],
      peers: [],
      subnets: [{ id: "/b/gpu", prefix: "10.212.1.0/24", defaultOutbound: false }],
    },
  ],
  securityGroups: [{ id: "/nsg", rules: [aRule({ name: "open", destinationPorts: ["22", String(open)] })] }],
  publicAddresses: [
    { id: "/ip/web", address: publicOf.web },
    { id: "/ip/nat", address: publicOf.nat },
    { id: "/ip/gpu", address: publicOf.gpu },
  ],
  natGateways: [{ id: "/nat", publicAddresses: ["/ip/nat"] }],
  interfaces: [
    {
      id: "/nic/web",
      subnet: "/a/web",
      address: addressOf.web,
      mac: "00:0d:3a:01:00:01",
      publicAddress: "/ip/web",
      securityGroup: "/nsg",
    },
    { id: "/nic/near", subnet: "/a/web", address: addressOf.near, mac: "00:0d:3a:01:00:02" },
    { id: "/nic/back", subnet: "/a/back", address: addressOf.back, mac: "00:0d:3a:01:00:03" },
    {
      id: "/nic/gpu",
      subnet: "/b/gpu",
      address: addressOf.gpu,
      mac: "00:0d:3a:01:00:04",
      publicAddress: "/ip/gpu",
    },
  ],
};

type Name = keyof typeof addressOf;

function machine(name: Name, over: Partial<MachineFact> = {}): MachineFact {
  return {
    id: `/vm/${name}`,
    computerName: `${name}-1`,
    adminUsername: "labadmin",
    adminKeys: [login.public],
    size: { name: "Standard_B1ms", memoryMiB: 1024, cpus: 1 },
    osDiskGiB: 30,
    dataDisks: [],
    interfaces: [`/nic/${name}`],
    ...over,
  };
}

const on = (name: Name, command: string) => onVirtualMachine(lab, `/vm/${name}`, command);
type From = Name | "host" | "internet";
/** What a teller says to whoever asks it; undefined where nothing answers within so many seconds. */
const ask = async (from: From, address: string, port: number, seconds: number) => {
  const command = askTeller(address, port, seconds);
  if (from !== "host" && from !== "internet") {
    const ran = await on(from, command);
    return ran.exitCode === 0 ? ran.output : undefined;
  }
  const words = [...(from === "internet" ? inside() : []), "sh", "-c", command];
  const ran = await execa("env", words, { reject: false, stdin: "ignore" });
  return ran.exitCode === 0 ? ran.stdout : undefined;
};
const told = (from: From, address: string, port = open) => ask(from, address, port, 10);
/** That none of them gets through; what does not is not waited for any longer than what does takes by far. */
const expectBlocked = async (...tries: readonly (readonly [From, string, number?])[]) => {
  const answers = await Promise.all(tries.map(([from, address, port = open]) => ask(from, address, port, 1.5)));
  expect(answers).toEqual(tries.map(() => undefined));
};
/** How many packets the rule with this comment has dropped of what machines sent. */
const dropped = async (comment: string) => {
  const listed = await execa("nft", ["list", "chain", "ip", azureNames(await labId()).table, "sent"]);
  return Number(new RegExp(`packets (\\d+) bytes \\d+ drop comment "${comment}"`).exec(listed.stdout)?.[1]);
};
const labId = async () => {
  const found = await readLabFacts(lab.files);
  if (found === undefined) throw new Error("there is no lab");
  return found.id;
};
const inside = (): string[] => ["ip", "netns", "exec", internet.namespace];

beforeAll(async () => {
  before = await hostPicture();
  lab = await testLab();
  process.env.XDG_STATE_HOME = lab.state;
  files = await mkdtemp(join(tmpdir(), "garrison-azure-fabric-"));
  const [network] = await freeBlocks(1);
  if (network === undefined) throw new Error("no free block");
  internet = layOutInternet({ id: "gtfabric", network });
  await makeNetwork("ip", internet);
  fabric = await openFabric();
  await fabric.applyNetwork(facts);
  await fabric.ensureDisk({ id: "/disk/data", sizeGiB: 1 });
  const customData = `#cloud-config\n${JSON.stringify({
    ssh_keys: { ed25519_private: firstBootKey.private, ed25519_public: firstBootKey.public },
    write_files: [{ path: "/etc/of-custom-data", content: "read" }],
  })}\n`;
  await fabric.createMachine(machine("web", { customData, dataDisks: [{ lun: 0, disk: "/disk/data" }] }), context);
  for (const name of ["near", "back", "gpu"] as const) await fabric.createMachine(machine(name), context);
  await Promise.all(
    (["web", "near", "back", "gpu"] as const).map((name) => listenOn(lab, `/vm/${name}`, [open, closed])),
  );
}, 5 * minutes);

afterAll(async () => {
  await removeNetwork("ip", internet);
  await lab.end();
  delete process.env.XDG_STATE_HOME;
  await rm(files, { recursive: true, force: true });
}, 2 * minutes);

describe("a machine", () => {
  test("is born with the host key of its custom data, and lets its administrator in from the first connection", async () => {
    await writeFile(join(files, "login"), login.private, { mode: 0o600 });
    const ssh = async (hostKey: string) => {
      await writeFile(join(files, "known_hosts"), `web ${hostKey}\n`);
      const options = [
        `UserKnownHostsFile=${join(files, "known_hosts")}`,
        "StrictHostKeyChecking=yes",
        "BatchMode=yes",
      ];
      const words = [...options, "HostKeyAlias=web", "ConnectTimeout=5"].flatMap((option) => ["-o", option]);
      const command = "hostname; id -un; sudo -n id -un; cat /etc/of-custom-data";
      const args = ["-F", "none", "-i", join(files, "login"), ...words, `labadmin@${publicOf.web}`, command];
      return execa("ssh", args, { reject: false, stdin: "ignore", all: true });
    };
    const said = await ssh(firstBootKey.public);
    expect(said.stdout.split("\n"), said.all).toEqual(["web-1", "labadmin", "root", "read"]);
    expect((await ssh(newKey("another").public)).exitCode).toBe(255);
    expect((await on("web", "cloud-init status")).output).toBe("status: done");
  });

  test("makes host keys of its own where its custom data has none", async () => {
    const key = "ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub";
    expect((await on("near", key)).output).toMatch(/^256 SHA256:/);
    expect((await on("near", key)).output).not.toBe((await on("web", key)).output);
  });

  test("is not kept with its key by whoever made it", async () => {
    const id = await labId();
    const env = { INCUS_DIR: `/run/garrison-lab/${id}/incus` };
    const shown = await execa("incus", ["config", "show", machinePlace(id, "/vm/web").instance], { env });
    expect(shown.stdout).toContain("user.garrison.azure: /vm/web");
    expect(shown.stdout).not.toContain("PRIVATE KEY");
  });

  test("has a data disk that is full when it is full, grows with what is on it, and is gone when it is detached", async () => {
    const free = async () => (({ bavail, bsize }) => bavail * bsize)(await statfs(tmpdir()));
    const [fill, count] = [
      "rm -f /mnt/lun0/fill; fallocate -l 1500M /mnt/lun0/fill",
      "du -m /mnt/lun0/fill | cut -f 1",
    ];
    expect(await free()).toBeGreaterThan(2 * 1024 ** 3);
    const filled = await on("web", fill);
    expect(filled.output).toContain("No space left on device");
    expect((await on("web", "rm -f /mnt/lun0/fill; fallocate -l 800M /mnt/lun0/fill")).exitCode).toBe(0);
    await fabric.ensureDisk({ id: "/disk/data", sizeGiB: 2 });
    expect(Number((await on("web", count)).output)).toBeGreaterThanOrEqual(800);
    expect((await on("web", fill)).exitCode).toBe(0);
    await fabric.updateMachine(machine("web"), context);
    expect((await on("web", "mountpoint -q /mnt/lun0")).exitCode).not.toBe(0);
  });

  test("gets another size while it runs", async () => {
    const memory = async () => Number((await on("near", "awk '/MemTotal/ {print $2}' /proc/meminfo")).output);
    const boot = async () => (await on("near", "cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1")).output;
    const [first, booted] = [await memory(), await boot()];
    await fabric.updateMachine(machine("near", { size: { name: "B2", memoryMiB: 1536, cpus: 1 } }), context);
    expect([first, await memory()]).toEqual([1024 * 1024, 1536 * 1024]);
    expect(await boot()).toBe(booted);
  });
});

describe("packets", () => {
  test("from outside get to a public address where the group lets them, and are seen as who they are", async () => {
    expect(await told("host", publicOf.web)).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(await told("host", publicOf.web)).not.toMatch(/^10\.211\./);
    expect(await told("internet", publicOf.web)).toBe(internet.ends.inside);
    expect(await told("near", addressOf.web, closed)).toBe(addressOf.near);
    await expectBlocked(["host", publicOf.web, closed], ["internet", publicOf.web, closed]);
  });

  test("get nowhere without a group that lets them in, nor to a private address from outside", async () => {
    expect(await told("gpu", addressOf.gpu)).toBe(addressOf.gpu);
    expect(await told("gpu", publicOf.web)).toBe(publicOf.gpu);
    await expectBlocked(
      ["host", publicOf.gpu],
      ["web", publicOf.gpu],
      ["host", addressOf.web],
      ["internet", addressOf.web],
      ["gpu", addressOf.web],
    );
  });

  test("to a public address of the own network come back under the sender's public address", async () => {
    expect(await told("web", publicOf.web)).toBe(publicOf.web);
    expect(await told("back", publicOf.web)).toBe(publicOf.nat);
  });

  test("leave as the public address, as the NAT gateway's, or not at all; and never under another's", async () => {
    const listener = execa("ip", ["netns", "exec", internet.namespace, "sh", "-c", teller(open)], { reject: false });
    try {
      const there = internet.ends.inside;
      await expect.poll(() => told("internet", there), { timeout: 10_000 }).toBe(there);
      expect(await told("web", there)).toBe(publicOf.web);
      expect(await told("back", there)).toBe(publicOf.nat);
      await expectBlocked(["near", there]);
      const first = await dropped("not its address");
      await on("near", `ip address add ${addressOf.back}/32 dev eth0; ping -c 1 -W 1 -I ${addressOf.back} ${there}`);
      expect(await dropped("not its address")).toBeGreaterThan(first);
    } finally {
      listener.kill();
      await listener;
    }
  });

  test("get to the real outside where the host gets", async () => {
    const site = new URL(await debianMirror());
    const request = (seconds: number) => `curl -s -o /dev/null -m ${seconds} -w '%{http_code}' ${site.href}`;
    const here = await execa("sh", ["-c", request(20)], { reject: false, stdin: "ignore" });
    expect((await on("web", request(20))).output).toBe(here.stdout);
    expect((await on("near", request(2))).output).toBe("000");
  });

  test("to the metadata service stay on this host, and the host itself is asked for names only", async () => {
    const first = await dropped("the platform");
    expect((await on("web", "curl -s -m 1 http://169.254.169.254/metadata")).exitCode).toBe(28);
    expect(await dropped("the platform")).toBeGreaterThan(first);
    const listener = execa("sh", ["-c", teller(closed)], { reject: false });
    try {
      const gateway = "10.211.1.1";
      await expect.poll(() => told("host", gateway, closed), { timeout: 10_000 }).toBe(gateway);
      await expectBlocked(["web", gateway, closed]);
      expect((await on("web", `timeout 10 bash -c '> /dev/tcp/${gateway}/53'`)).exitCode).toBe(0);
    } finally {
      listener.kill();
      await listener;
    }
  });

  test("follow a change of the rules at once, among neighbours too, and a peering where both ends name it", async () => {
    const [group] = facts.securityGroups;
    const [a, b] = facts.networks;
    if (group === undefined || a === undefined || b === undefined) throw new Error("no facts");
    expect(await told("near", addressOf.web)).toBe(addressOf.near);
    const no = { access: "Deny", destinationPorts: [String(open)] } as const;
    const denied = [
      aRule({ ...no, name: "no internet", priority: 90, sources: ["Internet"] }),
      aRule({ ...no, name: "no neighbour", priority: 91, sources: [addressOf.near] }),
    ];
    await fabric.applyNetwork({
      ...facts,
      networks: [a, { ...b, peers: [a.id] }],
      securityGroups: [{ ...group, rules: [...group.rules, ...denied] }],
    });
    await expectBlocked(["host", publicOf.web], ["near", addressOf.web]);
    expect(await told("back", addressOf.web)).toBe(addressOf.back);
    expect(await told("gpu", addressOf.back)).toBe(addressOf.gpu);
    await fabric.applyNetwork(facts);
    expect(await told("host", publicOf.web)).toBeDefined();
    await expectBlocked(["gpu", addressOf.back]);
  });
});

describe("when it does not go well", () => {
  test.each(["unpacking the image", "starting"])(
    "a machine whose making was killed while it was %s is made anew",
    async (at) => {
      await fabric.removeMachine("/vm/near");
      const running = execa(process.execPath, [join(import.meta.dirname, "../support/fabric-process.ts")], {
        input: JSON.stringify(machine("near")),
        reject: false,
      });
      for await (const line of running.iterable()) if (line === at) running.kill("SIGKILL");
      expect((await running).signal).toBe("SIGKILL");
      expect(await fabric.findMachine("/vm/near")).toBeUndefined();
      await fabric.createMachine(machine("near"), context);
      expect(await fabric.findMachine("/vm/near")).toBe("running");
    },
    minutes,
  );

  test(
    "a machine is removed although the process beside it was killed",
    async () => {
      const id = await labId();
      const { instance } = machinePlace(id, "/vm/gpu");
      const monitors = processes().filter(({ pid }) => commandOf(pid).join(" ").trimEnd().endsWith(` ${instance}`));
      expect(monitors).toHaveLength(1);
      for (const { pid } of monitors) process.kill(pid, "SIGKILL");
      await fabric.removeMachine("/vm/gpu");
      expect(await fabric.findMachine("/vm/gpu")).toBeUndefined();
      expect(await fabric.findMachine("/vm/back")).toBe("running");
      expect(await told("host", publicOf.web)).toBeDefined();
    },
    minutes,
  );
});

test(
  "what is removed is gone, and down leaves the host as it was",
  async () => {
    const id = await labId();
    await fabric.removeMachine("/vm/web");
    await fabric.removeMachine("/vm/web");
    await fabric.removeDisk("/disk/data");
    const status = JSON.parse((await lab.run("status", "--json")).stdout) as { azure: { name: string }[] };
    expect(status.azure.map(({ name }) => name).sort()).toEqual(["back", "near"]);
    await removeNetwork("ip", internet);
    const down = await lab.run("down");
    expect(down.exitCode, down.all).toBe(0);
    const after = await hostPicture();
    expect(after.filter((line) => line.includes(id))).toEqual([]);
    expect(after).toEqual(before);
  },
  minutes,
);
