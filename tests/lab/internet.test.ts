import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { destinations, internetAddresses, tcpPorts, udpPorts } from "#lab/internet/addresses.ts";
import { parseConnections } from "#lab/internet/connection-log.ts";
import type { Connection } from "#lab/internet/connection-log.ts";
import { ensureInternet, missingFromInternet, removeInternet } from "#lab/internet/ensure.ts";
import type { Internet, InternetOptions } from "#lab/internet/ensure.ts";
import { isVersion6, layOutInternet } from "#lab/internet/layout.ts";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "../support/docker.ts";
import { confinementOf } from "../support/kernel.ts";
import { freeBlocks, hostRoutes, httpGet, processesWith, tracesOf, tryTcp, tryUdp } from "../support/lab-internet.ts";

const { web, web6, canary, lan, lan6, metadata, metadataAzure } = internetAddresses;
const prefix = testPrefix();
const image = `${prefix}-image:1`;
const reachable = destinations.filter(({ address }) => !isVersion6(address));

interface TestEstate {
  readonly options: InternetOptions;
  readonly internet: Internet;
  /** A process in the network namespace of a container on an egress network, and the container. */
  readonly pid: number;
  readonly container: string;
}

/** The host's routes without and with the two lab internets, before Docker's bridges add theirs. */
let routesBefore = "";
let routesWith = "";
let directory = "";
let first: TestEstate;
let second: TestEstate;
let spareBlock = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), `${prefix}-`));
  await importBusybox(image);
  const [one = "", two = "", three = ""] = await freeBlocks(3);
  spareBlock = three;
  const wanted = [one, two].map((network, index) => {
    const id = index === 0 ? prefix : testPrefix();
    return { estate: { id, network }, directory: join(directory, id) };
  });
  routesBefore = await hostRoutes();
  const made = [];
  for (const options of wanted) made.push({ options, internet: await ensureInternet(options) });
  routesWith = await hostRoutes();
  [first, second] = (await Promise.all(made.map(addClient))) as [TestEstate, TestEstate];
});

afterAll(async () => {
  await removeByPrefix(prefix);
  for (const estate of [first, second]) await removeInternet(estate.options);
  await rm(directory, { recursive: true, force: true });
});

async function addClient(made: Pick<TestEstate, "options" | "internet">): Promise<TestEstate> {
  const { id, network } = made.options.estate;
  const name = `${prefix}-out-${id}`;
  await docker("network", "create", "--subnet", network.replace(".0.0/16", ".1.0/26"), name);
  return { ...made, ...(await runContainer(`${prefix}-client-${id}`, name)) };
}

async function runContainer(container: string, network: string): Promise<{ container: string; pid: number }> {
  const dns = ["--dns", internetAddresses.resolver];
  await docker("run", "-d", "--name", container, "--network", network, ...dns, image, "/bin/sleep", "100000");
  return { container, pid: (await inspect<{ State: { Pid: number } }>(container)).State.Pid };
}

async function arrived({ internet }: TestEstate): Promise<Connection[]> {
  return parseConnections(await readFile(internet.connections, "utf8"));
}

function resolve({ container }: { container: string }, name: string) {
  return execa("docker", ["exec", container, "/bin/busybox", "nslookup", "-timeout=1", "-retry=1", name], {
    reject: false,
  });
}

async function page({ pid, internet }: TestEstate, name = "en.wikipedia.org", ca?: string) {
  const own = await readFile(internet.caFile, "utf8");
  const send = httpGet(name, "/api/rest_v1/page/summary/Garrison");
  return tryTcp(pid, { address: web, port: 443, send, tls: { name, ca: ca ?? own } });
}

/** What an agent would want to reach and may not, once something restricts it. */
const banner = (pid: number, address: string, port = 9999) => tryTcp(pid, { address, port });

/** Works only when every part of a lab internet does. */
async function expectWhole(estate: TestEstate): Promise<void> {
  expect(await missingFromInternet(estate.options)).toEqual([]);
  expect((await resolve(estate, "en.wikipedia.org")).stdout).toContain(web);
  expect(await page(estate)).toMatchObject({ read: expect.stringContaining("made-up summary of Garrison") as string });
  expect(await banner(estate.pid, canary)).toMatchObject({ read: expect.stringContaining("canary") as string });
}

describe("a container on an egress network", () => {
  test("has every public name resolved, and no internal one", async () => {
    const found = await resolve(first, "en.wikipedia.org");
    expect(found.exitCode, found.stdout).toBe(0);
    expect(found.stdout).toContain(web);
    for (const name of ["metadata.google.internal", "printer.lan"]) {
      const missing = await resolve(first, name);
      expect(missing.exitCode, name).not.toBe(0);
      expect(missing.stdout).not.toContain(web);
    }
  });

  test("gets a page over TLS when it trusts the lab's authority, and only then", async () => {
    expect(await page(first)).toMatchObject({ read: expect.stringContaining('"type":"standard"') as string });
    const any = await page(first, "some-host.example");
    expect(any).toMatchObject({ read: expect.stringContaining("stand-in for some-host.example") as string });
    const others = await readFile(second.internet.caFile, "utf8");
    expect(await page(first, "en.wikipedia.org", others)).toHaveProperty("failed");
  });

  test("reaches every other address on every port: nothing restricts it yet", async () => {
    for (const { name, address } of reachable) {
      for (const port of tcpPorts) {
        const isHttp = port === 80 && name.startsWith("metadata");
        const send = isHttp ? { send: httpGet(address, "/metadata/identity/oauth2/token") } : {};
        const words = isHttp ? "lab-internet-fake-token" : `${address} port ${String(port)}`;
        const result = await tryTcp(first.pid, { address, port, ...send });
        expect(result, `${address} ${String(port)}`).toMatchObject({ read: expect.stringContaining(words) as string });
      }
      for (const port of udpPorts) expect(await tryUdp(first.pid, address, port, "echo?")).toEqual({ read: "echo?" });
    }
  });

  test("is refused at once by an address that the lab internet lacks", async () => {
    expect(await banner(first.pid, "8.8.8.8", 443)).toEqual({ failed: "EHOSTUNREACH" });
  });

  test("leaves a line for each connection, and nothing of what it said", async () => {
    const before = (await arrived(first)).length;
    const secret = `canary-${prefix}`;
    await tryTcp(first.pid, { address: canary, port: 9999, send: secret });
    await tryUdp(first.pid, canary, 53, secret);
    await tryTcp(first.pid, { address: web, port: 80, send: httpGet("a.example", `/${secret}`, `x-a: ${secret}\r\n`) });
    await page(first);
    const lines = (await arrived(first)).slice(before);
    expect(lines.map(({ protocol, from, to, toPort, server }) => ({ protocol, from, to, toPort, server }))).toEqual(
      [
        { protocol: "tcp", to: canary, toPort: 9999 },
        { protocol: "udp", to: canary, toPort: 53 },
        { protocol: "tcp", to: web, toPort: 80 },
        { protocol: "tcp", to: web, toPort: 443, server: "en.wikipedia.org" },
      ].map((line) => ({ server: undefined, ...line, from: first.internet.source })),
    );
    expect(await readFile(first.internet.connections, "utf8")).not.toContain(secret);
  });

  test("a greeting that never comes leaves its line too", async () => {
    const before = (await arrived(first)).length;
    expect(await tryTcp(first.pid, { address: web, port: 443 })).toEqual({ failed: "timeout" });
    await expect.poll(async () => (await arrived(first)).slice(before)).toMatchObject([{ to: web, toPort: 443 }]);
  });

  test("still reaches it where the host checks the way back of every packet", async () => {
    const { hostLink } = layOutInternet(first.options.estate);
    const file = `/proc/sys/net/ipv4/conf/${hostLink}/rp_filter`;
    const former = await readFile(file, "utf8");
    await writeFile(file, "1");
    try {
      expect(await banner(first.pid, canary)).toHaveProperty("read");
    } finally {
      await writeFile(file, former);
    }
  });
});

describe("what does not reach it", () => {
  test("a container on an internal network, until it is put on an egress network as well", async () => {
    const subnet = first.options.estate.network.replace(".0.0/16", ".2.0/26");
    await docker("network", "create", "--internal", "--subnet", subnet, `${prefix}-in`);
    const shut = await runContainer(`${prefix}-shut`, `${prefix}-in`);
    const before = await arrived(first);
    const addresses = [web, canary, lan, metadata, metadataAzure];
    const ports = addresses.map((address) => ({ address, port: address === web ? 9999 : 22 }));
    for (const { address, port } of ports) expect(await banner(shut.pid, address, port)).toHaveProperty("failed");
    expect((await resolve(shut, "en.wikipedia.org")).stdout).not.toContain(web);
    expect(await arrived(first)).toEqual(before);

    await docker("network", "connect", `${prefix}-out-${prefix}`, shut.container);
    for (const { address, port } of ports) expect(await banner(shut.pid, address, port)).toHaveProperty("read");
    expect((await arrived(first)).length).toBe(before.length + ports.length);
    await docker("rm", "-f", shut.container);
  });

  test("a container whose packets a rule of the host drops: the positive control can turn red", async () => {
    const rule = ["DOCKER-USER", "-s", first.options.estate.network, "-d", metadata, "-j", "DROP"];
    await execa("iptables", ["-I", ...rule]);
    try {
      expect(await banner(first.pid, metadata)).toEqual({ failed: "timeout" });
      expect(await banner(first.pid, lan)).toHaveProperty("read");
    } finally {
      await execa("iptables", ["-D", ...rule]);
    }
    expect(await banner(first.pid, metadata)).toHaveProperty("read");
  });

  test("the host itself: its routes are the same, byte for byte, and lead nowhere near", async () => {
    expect(routesWith).toBe(routesBefore);
    expect(await tryTcp(undefined, { address: canary, port: 9999 })).toHaveProperty("failed");
    const from = first.internet.source;
    expect(await tryTcp(undefined, { address: canary, port: 9999, from })).toHaveProperty("read");
  });

  test("another estate's containers: each has its own", async () => {
    const [one, two] = [(await arrived(first)).length, (await arrived(second)).length];
    expect(await banner(second.pid, canary)).toHaveProperty("read");
    expect((await arrived(first)).length).toBe(one);
    expect((await arrived(second)).length).toBe(two + 1);
    expect((await arrived(second)).at(-1)?.from).toBe(second.internet.source);
  });
});

test("answers IPv6 on the same terms, to a packet that is led there", async () => {
  const { ends6, table } = layOutInternet(first.options.estate);
  const from = ends6?.host ?? "";
  const rule = ["from", from, "lookup", String(table), "priority", String(table)];
  expect(await tryTcp(undefined, { address: lan6, port: 22, from })).toHaveProperty("failed");
  await execa("ip", ["-6", "rule", "add", ...rule]);
  try {
    for (const address of [web6, lan6]) {
      const result = await tryTcp(undefined, { address, port: 22, from });
      expect(result).toMatchObject({ read: expect.stringContaining(address) as string });
    }
  } finally {
    await execa("ip", ["-6", "rule", "del", ...rule]);
  }
  expect((await arrived(first)).at(-1)).toMatchObject({ from, to: lan6, toPort: 22 });
});

test("its programs run without root", async () => {
  const pids = await processesWith(first.options.directory);
  expect(pids).toHaveLength(2);
  for (const pid of pids) {
    const { uid, gid } = await confinementOf(pid);
    expect([uid, gid]).toEqual([65_534, 65_534]);
  }
});

test("is found whole and left alone", async () => {
  const pids = await processesWith(first.options.directory);
  const said: string[] = [];
  await ensureInternet({ ...first.options, say: (message) => said.push(message) });
  expect(said).toEqual([]);
  expect(await processesWith(first.options.directory)).toEqual(pids);
});

describe("what was damaged is named and repaired", () => {
  const layout = () => layOutInternet(first.options.estate);
  const ip = (...args: string[]) => execa("ip", args);
  const programs = async (words: string) => {
    for (const pid of await processesWith(words)) process.kill(pid, "SIGKILL");
    while ((await processesWith(words)).length > 0) await sleep(20);
  };
  const directoryOf = () => join(first.options.directory, "internet");

  test.each<readonly [string, RegExp, () => Promise<unknown>]>([
    ["the server killed", /^program server$/, () => programs(`--internet-of=${directoryOf()}`)],
    ["the resolver killed", /^program resolver$/, () => programs(`--pid-file=${directoryOf()}`)],
    ["a rule gone", /^rule /, () => ip("rule", "del", "priority", String(layout().rules[1]?.priority))],
    ["the route gone", /^default route of table/, () => ip("route", "del", "default", "table", String(layout().table))],
    ["the link gone", /^link .* into namespace/, () => ip("link", "del", layout().hostLink)],
    ["the link down", /^link .* up$/, () => ip("link", "set", layout().hostLink, "down")],
    [
      "an address gone",
      /^address 169\.254\.169\.254$/,
      () => ip("-netns", layout().namespace, "address", "del", `${metadata}/32`, "dev", layout().insideLink),
    ],
    [
      "the namespace gone, its programs left without a name",
      /^namespace /,
      () => ip("netns", "del", layout().namespace),
    ],
    [
      "a namespace that is a name only",
      /^namespace /,
      async () => {
        await removeInternet(first.options);
        await writeFile(`/run/netns/${layout().namespace}`, "");
      },
    ],
    [
      "a namespace that is empty",
      /^link .* into namespace/,
      async () => {
        await removeInternet(first.options);
        await ip("netns", "add", layout().namespace);
      },
    ],
  ])("%s", async (_what, words, damage) => {
    await damage();
    expect((await missingFromInternet(first.options)).join("\n")).toMatch(new RegExp(words.source, "m"));
    await ensureInternet(first.options);
    await expectWhole(first);
    expect(await processesWith(directoryOf())).toHaveLength(2);
  });
});

describe("killed in the middle of its making, the next one completes it", () => {
  const layout = () => layOutInternet(first.options.estate);
  const directoryOf = () => join(first.options.directory, "internet");
  const exists = (file: string) => Promise.resolve(existsSync(file));

  test.each<readonly [string, () => Promise<boolean>]>([
    ["the authority", () => exists(join(directoryOf(), "internet-ca-key.pem"))],
    ["the namespace", () => exists(`/run/netns/${layout().namespace}`)],
    ["the link", () => exists(`/sys/class/net/${layout().hostLink}`)],
    ["the first rule", async () => (await execa("ip", ["rule"])).stdout.includes(first.options.estate.network)],
    ["the resolver", async () => (await processesWith(`--pid-file=${directoryOf()}`)).length > 0],
    ["the server", async () => (await processesWith(`--internet-of=${directoryOf()}`)).length > 0],
  ])("as soon as %s is there", async (_what, isThere) => {
    await removeInternet(first.options);
    await rm(directoryOf(), { recursive: true, force: true });
    expect(await isThere()).toBe(false);
    const child = execa(process.execPath, [await script()], { reject: false });
    let ended = false;
    void child.then(() => (ended = true));
    while (!(await isThere())) expect(ended).toBe(false);
    child.kill("SIGKILL");
    expect((await child).signal).toBe("SIGKILL");

    await ensureInternet(first.options);
    expect(await processesWith(directoryOf())).toHaveLength(2);
    expect((await tracesOf(first.options.estate, first.options.directory)).filter(isRule)).toHaveLength(
      layout().rules.length,
    );
    await expectWhole(first);
  });

  async function script(): Promise<string> {
    const file = join(directory, "ensure.ts");
    const module = join(import.meta.dirname, "../../lab/internet/ensure.ts");
    const call = `await ensureInternet(${JSON.stringify(first.options)});`;
    await writeFile(file, `import { ensureInternet } from ${JSON.stringify(module)};\n${call}\n`);
    return file;
  }

  function isRule(line: string): boolean {
    return line.includes("from ") && line.includes("lookup ");
  }
});

test("an estate that got another block takes its rules along", async () => {
  const moved = { ...first.options, estate: { ...first.options.estate, network: spareBlock } };
  await ensureInternet(moved);
  expect(await missingFromInternet(moved)).toEqual([]);
  const { stdout } = await execa("ip", ["rule", "show"]);
  expect(stdout).not.toContain(first.options.estate.network);
  await ensureInternet(first.options);
  expect((await execa("ip", ["rule", "show"])).stdout).not.toContain(spareBlock);
  await expectWhole(first);
});

test("removed, nothing of it is left, and its neighbour goes on", async () => {
  const { options } = first;
  const traces = () => tracesOf(options.estate, options.directory);
  expect((await traces()).length).toBeGreaterThan(5);
  await removeInternet(options);
  expect(await traces()).toEqual([]);
  await removeInternet(options);
  expect(await banner(first.pid, canary)).toHaveProperty("failed");
  await expectWhole(second);

  await removeByPrefix(prefix, { images: false });
  const before = await hostRoutes();
  await removeInternet(second.options);
  expect(await tracesOf(second.options.estate, second.options.directory)).toEqual([]);
  expect(await hostRoutes()).toBe(before);
});
