import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { register } from "#scripts/commands/report.ts";
import { previewSide } from "#scripts/report/preview/preview-side.ts";
import type { Side } from "#scripts/report/side.ts";
import { runCommand } from "../../../support/command-line.ts";
import { AS_OF, told } from "./sides.ts";

const CONTAINER = "docker:index/container:Container";

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: object;
  readonly op?: string;
}

/** As the engine prints it. */
function previewOf(...resources: readonly Resource[]): string {
  const steps = resources.map(({ type, name, inputs, op = "same" }) => {
    const urn = `urn:pulumi:prod::shop::${type}::${name}`;
    return {
      op,
      urn,
      newState: { urn, type, custom: true, inputs },
      replaceReasons: op === "replace" ? ["location"] : [],
    };
  });
  return JSON.stringify({ steps, changeSummary: { same: steps.filter(({ op }) => op === "same").length } });
}

const side = (...resources: readonly Resource[]): Side =>
  previewSide(previewOf(...resources), "--from before.json", AS_OF);
const container = (name: string, inputs: object): Resource => {
  return {
    type: CONTAINER,
    name,
    inputs: { name, image: "registry.example/web:1", user: "1000", readOnly: true, ...inputs },
  };
};
const network = (name: string, internal: boolean): Resource => {
  return { type: "docker:index/network:Network", name, inputs: { name, internal } };
};
const on = (...names: readonly string[]) => ({ networksAdvanced: names.map((name) => ({ name })) });
const kinds = (lines: readonly string[], ...wanted: readonly string[]) => {
  return lines.filter((line) => wanted.includes(line.split(" ")[0] ?? ""));
};

const base = [
  network("inside", true),
  network("outside", false),
  container("db", on("inside")),
  container("web", on("inside")),
];

test("a program that stays as it is has no change", () => {
  expect(told(side(...base), side(...base))).toEqual([]);
});

test("a network that leads out is a way to the internet and to the metadata service", () => {
  const after = side(...base.slice(0, 3), container("web", on("inside", "outside")));
  expect(kinds(told(side(...base), after), "link-local", "path")).toEqual([
    "link-local new: web reaches metadata on any port, over outside: 169.254.169.254 too, where the machine does not refuse it",
    'path new: web reaches internet on any port, over outside: "outside", a network that leads out',
    "path new: web reaches network outside on any port, over outside: nobody else of this program is on it",
  ]);
});

test("who joins a network meets those on it", () => {
  const after = side(...base, container("late", on("inside")));
  expect(kinds(told(side(...base), after), "path", "service")).toEqual([
    "path new: late reaches network inside on any port, over inside: it meets db, web there",
    "service new: late is a new container, of registry.example/web:1",
  ]);
});

test("published ports, powers, keys and volumes of a container", () => {
  const after = side(
    ...base.slice(0, 3),
    container("web", {
      ...on("inside"),
      ports: [{ internal: 80, external: 8080 }],
      privileged: true,
      envs: ["STRIPE_API_KEY=[secret]", "COLOUR=red"],
      mounts: [
        { type: "volume", source: "rows", target: "/rows" },
        { type: "bind", source: "/etc", target: "/host", readOnly: true },
      ],
    }),
  );
  expect(kinds(told(side(...base), after), "opening", "power", "credential", "mount")).toEqual([
    "opening new: web lets whoever reaches 0.0.0.0 in on 8080, a public opening: a published port",
    "credential new: web can now use the key STRIPE_API_KEY, at its environment; it opens: not known",
    "power new: web is privileged: it has the whole machine",
    "power new: web reads /etc of the machine",
    "mount new: web has the volume rows, new and empty, at /rows",
  ]);
});

test("a security group that opens, and a tunnel", () => {
  const group = (source: string): Resource => ({
    type: "azure-native:network:NetworkSecurityGroup",
    name: "nsg",
    inputs: {
      networkSecurityGroupName: "web-nsg",
      securityRules: [
        {
          name: "https",
          access: "Allow",
          direction: "Inbound",
          protocol: "Tcp",
          priority: 100,
          sourceAddressPrefix: source,
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          destinationPortRange: "443",
        },
      ],
    },
  });
  const tunnel: Resource = {
    type: "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
    name: "tunnel",
    inputs: {
      config: { ingresses: [{ hostname: "shop.example", service: "http://web:8080" }, { service: "http_status:404" }] },
    },
  };
  expect(kinds(told(side(group("10.0.0.0/8")), side(group("Internet"), tunnel)), "opening")).toEqual([
    "opening new: http://web:8080 lets shop.example in on the tunnel, a public opening: a tunnel of Cloudflare's",
    "opening new: web-nsg lets Internet in on 443, a public opening: https",
    "opening lost: web-nsg no longer lets 10.0.0.0/8 in on 443: https",
  ]);
});

test("what the engine would replace or delete is told where it holds data", () => {
  const disk: Resource = {
    type: "azure-native:compute:Disk",
    name: "data",
    inputs: { diskName: "data", location: "westeurope" },
  };
  const moved = { ...disk, inputs: { diskName: "data", location: "northeurope" }, op: "replace" };
  expect(kinds(told(side(disk), side(moved)), "store")).toEqual([
    "store changed: the disk data is replaced: what is on it is gone unless the engine is told to keep it",
    "store changed: the engine would replace data, a azure-native:compute:Disk, because of location",
  ]);
});

test.each([
  ["no JSON", "hello", "no JSON with `steps`"],
  ["an empty file", " ", "an empty file"],
  [
    "a preview without what stays the same",
    '{"steps":[],"changeSummary":{"same":3}}',
    "3 resources that do not change are left out",
  ],
])("%s is refused with what to type", (_, text, found) => {
  const refused = (): Side => previewSide(text, "--to after.json", AS_OF);
  expect(refused).toThrow(ProblemReport);
  try {
    refused();
  } catch (error) {
    expect((error as ProblemReport).problems).toMatchObject([
      { property: "--to after.json", found, fix: "pulumi preview --json --show-sames > preview.json" },
    ]);
  }
});

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-report-test-"));
  await writeFile(join(directory, "before.json"), previewOf(...base));
  await writeFile(
    join(directory, "after.json"),
    previewOf(...base.slice(0, 3), container("web", on("inside", "outside"))),
  );
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const report = (...args: string[]) => runCommand(register, "report", ...args);
const files = (): string[] => ["--from", join(directory, "before.json"), "--to", join(directory, "after.json")];

test("the command compares two files, with a gate for CI", async () => {
  const shut = await report(...files(), "--fail-on", "internet", "data", "--as-of", AS_OF);
  expect([shut.code, shut.err]).toEqual([1, "Shut by --fail-on: internet"]);
  expect(shut.out.split("\n").slice(0, 2)).toEqual([
    "<!-- garrison-report:prod -->",
    expect.stringMatching(/^\*\*Reach grows: 1 way to the metadata service, 2 new paths\./),
  ]);
  const open = await report(...files(), "--fail-on", "data", "--json", "--name", "shop", "--as-of", AS_OF);
  expect([open.code, open.err]).toEqual([0, ""]);
  expect(JSON.parse(open.out)).toMatchObject({ version: 1, name: "shop", source: "preview", labels: [], shut: [] });
});

test.each([
  [[], "nothing", "what is compared"],
  [["--base", "HEAD", "--from", "a"], "--base and --from", "what is compared"],
  [["--from", "a"], "--from", "what is compared"],
  [["--base", "HEAD", "--as-of", "2026-02-30"], "2026-02-30", "--as-of"],
  [["--base", "HEAD", "--fail-on", "internet,dta"], "dta", "data"],
  [["--base", "HEAD", "--json", "--terminal"], "--json and --terminal", "one form"],
  [["--plan", "--base", "HEAD"], "--plan and --base", "compares nothing"],
  [["--base", "no-such-ref"], "no-such-ref", "a commit of this repository"],
  [["--base", "--help-me"], "--help-me", "a commit of this repository"],
  [["--from", "/nonexistent/a", "--to", "/nonexistent/b"], "/nonexistent/a", "There is no such file"],
  [["--base-plan", "package.json"], "no JSON of a plan", "a plan of version 1"],
])("%j is refused with exit code 2", async (args, found, expected) => {
  const { code, out, err } = await report(...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(found);
  expect(err).toContain(expected);
  expect(err).toContain("next:");
});
