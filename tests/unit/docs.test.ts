import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pidCgroup } from "#components/container/pid-cgroup.ts";
import { prepareScript } from "#components/container/host-scripts.ts";
import { filesScript } from "#components/files/files-script.ts";
import { firewallScript } from "#components/firewall/firewall-script.ts";
import { BOOT_WAIVER } from "#components/host/estate-part.ts";
import { HOST_PROGRAM } from "#components/host/bundle/host-script.ts";
import { RECOVERY_WAIVER } from "#components/host/bundle/program/recovery-unit.ts";
import { checkout } from "#helpers/files/directories.ts";
import { evidencePage } from "#scripts/docs/evidence-page.ts";
import { machinePage } from "#scripts/docs/machine-page.ts";
import { networkPage } from "#scripts/docs/network-page.ts";
import { pages, stalePages, writePages } from "#scripts/docs/pages.ts";
import { settingsPage } from "#scripts/docs/settings-page.ts";
import { waiverLedger } from "#scripts/docs/waiver-ledger.ts";
import { azureWeb } from "#stacks/azure-web.ts";
import { gpu, gpuPlace } from "#stacks/gpu.ts";
import { office } from "#stacks/office.ts";

test.each(Object.entries(pages))("%s is what the code says; `npm run docs` writes it", async (path, render) => {
  expect(await readFile(join(checkout, path), "utf8")).toBe(render());
});

test("stale pages are found and written, the others are left alone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "garrison-docs-"));
  try {
    const some = { "docs/waivers.md": () => "# Two\n", "docs/reference/one.md": () => "# One\n" };
    expect(await writePages(directory, some)).toEqual(Object.keys(some));
    expect(await stalePages(directory, some)).toEqual([]);
    await writeFile(join(directory, "docs/waivers.md"), "# None\n");
    expect(await stalePages(directory, some)).toEqual(["docs/waivers.md"]);
    expect(await writePages(directory, some)).toEqual(["docs/waivers.md"]);
    expect(await stalePages(directory, some)).toEqual([]);
    expect(await readFile(join(directory, "docs/waivers.md"), "utf8")).toBe("# Two\n");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

describe("the waiver ledger", () => {
  const ledger = waiverLedger([office]);

  test("has a line for every waiver, with reason, owner and day", () => {
    const lines = ledger.split("\n");
    for (const service of office.services) {
      for (const { id, reason, owner, expires } of service.waivers ?? []) {
        const own = lines.filter((line) => line.startsWith(`| \`${service.name}\` | \`${id}\` |`));
        expect(own).toHaveLength(1);
        expect(own[0]).toContain(`| ${reason} | ${owner} | ${expires} |`);
      }
    }
  });

  test("names capabilities, host paths and root", () => {
    expect(ledger).toMatch(/`wazuh-manager` \| `container.capabilities` \| keeps `CHOWN`, /);
    expect(ledger).toMatch(/`docker-socket-proxy` \| `container.sensitive-mounts` \| mounts `\/var\/run\/docker.sock`/);
    expect(ledger).toMatch(/`docker-socket-proxy` \| `container.user` \| runs as root/);
  });

  test("has the units that come with containers, by the names that they get", () => {
    const network = { estate: "trial", networks: [], flows: [], resolvers: [], publishAddress: "127.0.0.1" };
    const cgroups = [{ cgroup: pidCgroup("cgroupfs", "trial", 1), pids: 64 }];
    const scripts = {
      files: filesScript("trial", []),
      rules: firewallScript(network),
      cgroups: prepareScript("trial", "cgroupfs", [], cgroups),
    };
    for (const [unit, script] of Object.entries(scripts)) {
      const { reason, owner, expires } = BOOT_WAIVER;
      const [, text = ""] =
        new RegExp(`^entry \\S+/garrison-trial-${unit}\\.service .* (\\S+)$`, "m").exec(script) ?? [];
      expect(Buffer.from(text, "base64").toString()).toContain(`# Waiver: ${reason} (${owner}, until ${expires})`);
      expect(ledger).toMatch(
        new RegExp(`^\\| .*\`garrison-<estate>-${unit}\`.* \\| 5.0 \\| ${reason} \\| ${owner} \\|`, "m"),
      );
    }
  });

  test("has every unit of a configured machine that is more exposed, its own programs' too", () => {
    const waiver = { exposure: 34, reason: "keeps the disks of all machines", owner: "storage", expires: "2027-01-31" };
    const units = [
      { name: "copies.service", unit: {}, waiver },
      { name: "copies.timer", unit: {} },
    ];
    const own = waiverLedger([{ ...office, host: { units } }]);
    expect(own).toContain(
      "| `copies.service` | `office` | 3.4 | keeps the disks of all machines | storage | 2027-01-31 |",
    );
    expect(own).not.toContain("copies.timer");
    expect([...HOST_PROGRAM.matchAll(/^(?:.*')?# Waiver: (.*) \(/gm)].map(([, reason]) => reason)).toEqual([
      RECOVERY_WAIVER.reason,
    ]);
    expect(own).toContain(`| 4.8 | ${RECOVERY_WAIVER.reason} |`);
  });

  test("states the general departure from CIS 5.15", () => {
    expect(ledger).toContain("CIS Docker Benchmark 5.15");
  });
});

describe("the machine's page", () => {
  const page = machinePage({ machine: office }, "10.77.0.0/16");

  test("has a section for every service and a line for every network", () => {
    for (const { name, purpose } of office.services) expect(page).toContain(`### ${name}\n\n${purpose}.\n`);
    for (const { name, why } of office.networks) expect(page).toContain(`| \`${name}\` | ${why} |`);
  });

  test("tells addresses, volumes and ports", () => {
    const valkey = page.slice(page.indexOf("### valkey"));
    expect(valkey).toContain("- Networks: `search-cache` 10.77.1.77\n");
    expect(valkey).toContain("`/data` (volume `valkey-data`)");
    expect(valkey).toContain("- Listens: `6379`\n");
  });
});

describe("the pages of a machine in Azure without containers", () => {
  const stack = { machine: gpu, place: gpuPlace };

  test("tell sizes and disks, and nothing of containers", () => {
    const page = machinePage(stack, "10.79.0.0/16");
    expect(page).toContain("It has no containers.");
    expect(page).toMatch(/^\| `main` \| Standard_NC24ads_A100_v4 \| `gpu` \| no \| 256 GiB \| `models`, 1024 GiB, at/m);
    expect(page).not.toMatch(/^## (Networks|Services)/m);
  });

  test("tell who is let in, and the way out", () => {
    const page = networkPage(stack, "10.79.0.0/16");
    expect(page).toMatch(/^\| `gpu` \| 2 \| `main` \| NAT gateway \|$/m);
    expect(page).toMatch(/^\| `main` \| ssh \| `door` \|/m);
    expect(page).toMatch(/^\| `main` \| 8000 \| `garrison:azure.peers` \| .*: they ask the models \|$/m);
    expect(page).not.toContain("mermaid");
    expect(page).toContain("nothing but sshd answers");
    expect(networkPage({ machine: { ...gpu, host: {} } }, "10.79.0.0/16")).not.toContain("sshd");
  });
});

describe("the networks' page", () => {
  const page = networkPage({ machine: office }, "10.77.0.0/16");
  const diagram = /```mermaid\n(.*?)```/s.exec(page)?.[1] ?? "";

  test("draws every flow between nodes that it names, each once", () => {
    const drawn = new Set([...diagram.matchAll(/^ +(n_\w+)(?:\["|\(\[")/gm)].map(([, node]) => node));
    expect(drawn.size).toBe(office.services.length + 3);
    const arrows = [...diagram.matchAll(/^ {2}(n_\w+) -\.?->\|"([^"]+)"\| (n_\w+)$/gm)];
    expect(arrows).toHaveLength(office.flows.length);
    for (const [, from, ports, to] of arrows) {
      expect(drawn).toContain(from);
      expect(drawn).toContain(to);
      expect(ports).toMatch(/^\d+(\/udp)?(, \d+(\/udp)?)*$/);
    }
  });

  test("tells who reaches whom, and what the proxy's clients may ask for", () => {
    expect(page).toMatch(/^\| `graphiti` \|.* 6379 .* 3128 .*\*by name\* \|$/m);
    expect(page).toMatch(/^\| `openclaw-sandbox` [| ]+$/m);
    for (const { client, why } of office.allowed) expect(page).toMatch(new RegExp(`\\| \`${client}\` .*${why} \\|`));
  });

  test("decides for every service whether it reaches out", () => {
    const section = page.slice(page.indexOf("## Who reaches out"));
    for (const { name } of office.services) {
      expect(section).toMatch(new RegExp(`^\\| \`${name}\` \\| (directly: |through the proxy|not at all)`, "m"));
    }
    const direct = [...section.matchAll(/^\| `([\w-]+)` \| directly/gm)].map(([, name]) => name);
    expect(direct).toEqual(["cloudflared", "wazuh-manager", "egress-proxy"]);
  });
});

describe("the settings' page", () => {
  const page = settingsPage();

  test("tells value, default and meaning", () => {
    expect(page).toContain(
      "| `garrison:docker.cgroupDriver` | `systemd`, `cgroupfs` | `systemd` | The daemon's cgroup",
    );
    expect(page).toContain("| `garrison:resources.memoryMiB` | whole number, at least 1024 | required | Memory of");
    expect(page).toContain("| `garrison:machine` | `office`, `azure-web`, `gpu` | see there |");
  });
});

describe("the evidence page", () => {
  const services = [...office.services, ...azureWeb.services];

  test.each(services.map((service) => [service.name, service] as const))(
    "%s says what it rests on",
    (name, { evidence }) => {
      expect([...(evidence?.claims ?? []), ...(evidence?.open ?? [])], name).not.toEqual([]);
      for (const { how, what, source } of evidence?.claims ?? []) {
        expect(what.length, name).toBeGreaterThan(10);
        expect(source.length, what).toBeGreaterThan(3);
        if (how !== "tested") continue;
        for (const file of source.split(", ")) expect(existsSync(join(checkout, file)), file).toBe(true);
      }
    },
  );

  test("tells how each statement is known, what is not, and refuses a service that does not say", () => {
    const page = evidencePage([office]);
    expect(page).toMatch(/^\| \*\*tested\*\* \| .* \| `tests\/lab\/configuration.test.ts` \|$/m);
    expect(page).toMatch(/^\| read \| .*Dockerfile/m);
    expect(page).toContain("- Makes no sandbox");
    const [first] = office.services;
    if (first === undefined) throw new Error("no service");
    const silent = Object.fromEntries(
      Object.entries(first).filter(([key]) => key !== "evidence"),
    ) as unknown as typeof first;
    expect(() => evidencePage([{ ...office, services: [silent] }])).toThrow("does not say what it rests on");
  });
});
