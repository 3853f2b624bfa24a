import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import { renderRules } from "#components/firewall/render-rules.ts";
import { flow } from "#components/network/flow.ts";
import { movedHost } from "#tests/support/moved-host.ts";
import { namei } from "#tests/support/namei.ts";

const input = {
  estate: "office",
  networks: [],
  flows: [flow("page", "database", 8080, "it's wanted")],
  resolvers: ["9.9.9.9"],
  publishAddress: "127.0.0.1",
};
const network = { name: "front", why: "a test", internal: false, subnet: "10.77.0.0/24", gateway: "10.77.0.1" };
const other = { ...input, networks: [{ ...network, bridge: "office-front", addresses: { page: "10.77.0.2" } }] };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-firewall-"));
  for (const path of ["bin", "bridge", "etc", "run", "units"]) await mkdir(join(directory, path));
  for (const family of ["iptables", "ip6tables"]) await writeFile(bridgeSwitch(family), "0\n");
  await writeFile(join(directory, "bin/namei"), namei, { mode: 0o755 });
  await fake("id", "echo 0");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const bridgeSwitch = (family: string): string => join(directory, "bridge", `bridge-nf-call-${family}`);
const read = (name: string): Promise<string> => readFile(join(directory, name), "utf8");
const rules = "etc/garrison/rules.d/garrison-office.nft";

/** A program before the machine's that notes how it was called. */
async function fake(name: string, body = ""): Promise<void> {
  const file = join(directory, "bin", name);
  await writeFile(file, `#!/bin/sh\necho "${name} $*" >>${directory}/calls\n${body}\n`);
  await chmod(file, 0o755);
}

/** Keeps what it was given to load, as the kernel does. */
const fakeNft = (body = "") => fake("nft", `${body}\n[ "$1" != -f ] || cp "$2" ${directory}/loaded`);

const calls = async (): Promise<string[]> =>
  (await read("calls").catch(() => "")).split("\n").filter((call) => call.startsWith("nft "));

async function run(mode: "apply" | "remove", text = firewallScript(input)) {
  await rm(join(directory, "calls"), { force: true });
  const env = { PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` };
  return execa("/bin/sh", ["-s", mode], { input: movedHost(directory, text), env, reject: false });
}

describe("the script of the host's rules", () => {
  test("judges them, loads them as they are and prints a fingerprint of what the kernel has", async () => {
    await fakeNft('[ "$2" != list ] || echo "the table"; [ "$1" != --version ] || echo "nftables v1.0.6 (x)"');
    const { exitCode, stdout, stderr } = await run("apply");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(await read("loaded")).toBe(renderRules(input));
    expect(await calls()).toEqual([
      expect.stringMatching(/^nft -c -f .*\/rules\.d\/\.garrison-office\.nft\.garrison-[0-9a-f]+-new$/),
      `nft -f ${join(directory, rules)}`,
      "nft --version",
      "nft -s list table inet garrison-office",
    ]);
    expect(stdout).toMatch(/^v1\.0\.6 [0-9a-f]{64}$/);
    expect((await stat(join(directory, rules))).mode & 0o777).toBe(0o600);
    await fakeNft('[ "$2" != list ] || echo "another table"');
    expect((await run("apply")).stdout).not.toBe(stdout);
  });

  test("loads them again where they have not changed: the kernel may have lost them", async () => {
    await fakeNft();
    await run("apply");
    await rm(join(directory, "loaded"));
    expect((await run("apply")).exitCode).toBe(0);
    expect(await read("loaded")).toBe(renderRules(input));
  });

  test("has the kernel hand bridged packets over, and fails where it cannot", async () => {
    await fakeNft();
    await run("apply");
    expect(await readFile(bridgeSwitch("iptables"), "utf8")).toBe("1\n");
    expect(await readFile(bridgeSwitch("ip6tables"), "utf8")).toBe("1\n");
    await rm(bridgeSwitch("ip6tables"));
    await fake("modprobe", "exit 1");
    const { exitCode, stderr } = await run("apply");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("the kernel has no br_netfilter")]);
  });

  test("changes nothing where nft refuses them, or is not there", async () => {
    await fakeNft();
    await run("apply");
    await fakeNft('[ "$1" != -c ] || { echo "syntax error" >&2; exit 1; }');
    const refused = await run("apply", firewallScript(other));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/nft refuses the rules in .*, and nothing was changed: syntax error/);
    expect(await read(rules)).toBe(renderRules(input));
    const without = await run("apply", firewallScript(other).replaceAll("command -v nft", "command -v no-nft"));
    expect(without.exitCode).toBe(1);
    expect(without.stderr).toContain("apt-get install nftables");
  });

  test("takes the file back where the kernel does not take what was judged", async () => {
    await fakeNft();
    await run("apply");
    await fakeNft('[ "$1" != -f ] || exit 1');
    const refused = await run("apply", firewallScript(other));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("nft refuses the rules in");
    expect(await read(rules)).toBe(renderRules(input));
  });

  test("removes the estate's table and leaves nothing, also where there is none", async () => {
    await fakeNft();
    await run("apply");
    expect((await run("remove")).exitCode).toBe(0);
    expect(await calls()).toEqual(["nft list table inet garrison-office", "nft delete table inet garrison-office"]);
    for (const path of ["etc/garrison", "var/lib/garrison/office", "var/lib/garrison/host"])
      await expect(stat(join(directory, path)), path).rejects.toThrow("ENOENT");
    await fakeNft("exit 1");
    expect((await run("remove")).exitCode).toBe(0);
    expect(await calls()).toEqual(["nft list table inet garrison-office"]);
  });

  test("with systemd has a unit that loads them before Docker starts, and takes what an earlier version had for it", async () => {
    await mkdir(join(directory, "run/systemd/system"), { recursive: true });
    await fake("systemctl", '[ "$1" != is-enabled ] || exit 1');
    await fakeNft();
    const before = join(directory, "lib/garrison/garrison-office-rules");
    await mkdir(join(directory, "lib/garrison"), { recursive: true });
    await writeFile(before, "");
    expect((await run("apply")).exitCode).toBe(0);
    await expect(stat(before)).rejects.toThrow("ENOENT");
    const unit = await read("units/garrison-office-rules.service");
    expect(unit).toContain("Before=docker.service");
    expect(unit).toContain("/garrison/host/program start office/rules\n");
    expect(await read("calls")).toMatch(/^systemctl --quiet enable garrison-office-rules\.service$/m);
    await rm(join(directory, "loaded"));
    const started = await execa("/bin/sh", [join(directory, "var/lib/garrison/host/program"), "start", "office/rules"]);
    expect([started.stdout, started.stderr]).toEqual(["", ""]);
    expect(await read("loaded")).toBe(renderRules(input));
    expect((await run("remove")).exitCode).toBe(0);
    expect(await read("calls")).toMatch(/^systemctl --quiet disable garrison-office-rules\.service$/m);
    await expect(stat(join(directory, "units/garrison-office-rules.service"))).rejects.toThrow("ENOENT");
  });
});
