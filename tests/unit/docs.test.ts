import { existsSync } from "node:fs";
import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "#helpers/files/directories.ts";
import { evidencePage } from "#scripts/docs/evidence-page.ts";
import { machinePage } from "#scripts/docs/machine-page.ts";
import { networkPage } from "#scripts/docs/network-page.ts";
import { pages, stalePages, writePages } from "#scripts/docs/pages.ts";
import { settingsPage } from "#scripts/docs/settings-page.ts";
import { waiverLedger } from "#scripts/docs/waiver-ledger.ts";
import { azureWeb } from "#stacks/azure-web.ts";
import { office } from "#stacks/office.ts";

test.each(Object.entries(pages))("%s is what the code says; `npm run docs` writes it", async (path, render) => {
  expect(await readFile(join(checkout, path), "utf8")).toBe(render());
});

test("stale pages are found and written, the others are left alone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "garrison-docs-"));
  try {
    expect(await writePages(directory)).toEqual(Object.keys(pages));
    expect(await stalePages(directory)).toEqual([]);
    await writeFile(join(directory, "docs/waivers.md"), "# None\n");
    expect(await stalePages(directory)).toEqual(["docs/waivers.md"]);
    expect(await writePages(directory)).toEqual(["docs/waivers.md"]);
    expect(await stalePages(directory)).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("every link from one file of the documentation to another leads somewhere", async () => {
  const broken: string[] = [];
  let links = 0;
  for await (const page of glob(["*.md", "docs/**/*.md"], { cwd: checkout })) {
    const text = await readFile(join(checkout, page), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      links += 1;
      if (!existsSync(join(checkout, dirname(page), target))) broken.push(`${page}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
  expect(links).toBeGreaterThan(0);
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

  test("states the general departure from CIS 5.15", () => {
    expect(ledger).toContain("CIS Docker Benchmark 5.15");
  });
});

describe("the machine's page", () => {
  const page = machinePage(office);

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

describe("the networks' page", () => {
  const page = networkPage(office);
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
