import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import { renderRules } from "#components/firewall/render-rules.ts";
import { flow } from "#components/network/flow.ts";

const input = {
  estate: "office",
  networks: [],
  flows: [flow("page", "database", 8080, "it's wanted")],
  resolvers: ["9.9.9.9"],
  publishAddress: "127.0.0.1",
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-firewall-"));
  await mkdir(join(directory, "bin"));
  await mkdir(join(directory, "bridge"));
  for (const family of ["iptables", "ip6tables"]) await writeFile(bridgeSwitch(family), "0\n");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const bridgeSwitch = (family: string): string => join(directory, "bridge", `bridge-nf-call-${family}`);
const read = (name: string): Promise<string> => readFile(join(directory, name), "utf8");

/** A program that notes how it was called and what it was given, before the real ones. */
async function fakeNft(body = ""): Promise<void> {
  const file = join(directory, "bin", "nft");
  const note = `echo "$*" >>${directory}/calls; [ "$2" != - ] || cat >${directory}/loaded`;
  await writeFile(file, `#!/bin/sh\n${note}\n${body}\n`);
  await chmod(file, 0o755);
}

async function run(mode: "apply" | "remove", path = `${join(directory, "bin")}:${process.env.PATH ?? ""}`) {
  const text = firewallScript(input).replaceAll("/proc/sys/net/bridge", join(directory, "bridge"));
  return execa("/bin/sh", ["-s", mode], { input: text, env: { PATH: path }, extendEnv: false, reject: false });
}

describe("the script of the host's rules", () => {
  test("loads them as they are and prints a fingerprint of what the kernel has", async () => {
    await fakeNft('[ "$2" != list ] || echo "the table"; [ "$1" != --version ] || echo "nftables v1.0.6 (x)"');
    const { exitCode, stdout, stderr } = await run("apply");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(await read("loaded")).toBe(renderRules(input));
    expect(await read("calls")).toBe("-f -\n--version\n-s list table inet garrison-office\n");
    expect(stdout).toMatch(/^v1\.0\.6 [0-9a-f]{64}$/);
    await fakeNft('[ "$2" != list ] || echo "another table"');
    expect((await run("apply")).stdout).not.toBe(stdout);
  });

  test("has the kernel hand bridged packets over, and fails where it cannot", async () => {
    await fakeNft();
    await run("apply");
    expect(await readFile(bridgeSwitch("iptables"), "utf8")).toBe("1\n");
    expect(await readFile(bridgeSwitch("ip6tables"), "utf8")).toBe("1\n");
    await rm(bridgeSwitch("ip6tables"));
    const { exitCode, stderr } = await run("apply");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("the kernel has no br_netfilter")]);
  });

  test("fails where nft refuses, or is not there", async () => {
    await fakeNft("exit 1");
    const refused = await run("apply");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("nft refuses the rules");
    const text = firewallScript(input).replaceAll("PATH=$PATH:/usr/sbin:/sbin", ":");
    const without = await execa("/bin/sh", ["-s", "apply"], {
      input: text,
      env: { PATH: join(directory, "bridge") },
      extendEnv: false,
      reject: false,
    });
    expect(without.exitCode).toBe(1);
    expect(without.stderr).toContain("apt-get install nftables");
  });

  test("removes the estate's table, and nothing where there is none", async () => {
    await fakeNft();
    expect((await run("remove")).exitCode).toBe(0);
    expect(await read("calls")).toBe("list table inet garrison-office\ndelete table inet garrison-office\n");
    await rm(join(directory, "calls"));
    await fakeNft("exit 1");
    expect((await run("remove")).exitCode).toBe(0);
    expect(await read("calls")).toBe("list table inet garrison-office\n");
  });
});
