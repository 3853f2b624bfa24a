import { beforeAll, expect, test } from "vitest";
import { tmpfs, volume } from "#components/container/facts.ts";
import { waive } from "#components/container/waiver.ts";
import type { MachineInput } from "#components/machine/plan-machine.ts";
import { allow, egress, internal } from "#components/machine/machine-definition.ts";
import { flow } from "#components/network/flow.ts";
import { secret } from "#components/secrets/reference.ts";
import { password } from "#components/secrets/secret.ts";
import { LABEL } from "#scripts/report/post/comment.ts";
import type { Side } from "#scripts/report/side.ts";
import { aService, definition, lockOf, settings } from "../../components/machine/example.ts";
import { compared, machineWith, sideFor, told } from "./sides.ts";

type Input = Partial<MachineInput>;

/** A machine with everything that a change can be about: a proxy, a volume, a secret, a waiver. */
const full: Input["definition"] = {
  ...definition,
  services: [
    ...definition.services.map((own) =>
      own.name === "database"
        ? {
            ...own,
            listens: [8080, 9090],
            writable: { "/data": volume("rows") },
            files: () => ({ "/etc/database/password": secret("rows-password") }),
            waivers: [
              waive("container.capabilities", {
                reason: "it gives its files away",
                owner: "ops",
                expires: "2027-01-01",
                add: ["CHOWN"],
              }),
            ],
          }
        : own,
    ),
    aService("counter", 5),
    aService("proxy", 4, {
      proxy: true,
      listens: [3128],
      waivers: [waive("network.egress", { reason: "it is the way out", owner: "ops", expires: "2027-01-01" })],
    }),
  ],
  flows: [
    ...definition.flows,
    flow("page", "proxy", 3128, "it asks outside"),
    flow("proxy", "internet", 443, "the way out"),
  ],
  networks: [
    ...definition.networks,
    internal("out-page", 2, "it asks outside", ["page", "proxy"]),
    egress("egress", 3, "the way out", ["proxy"]),
  ],
  allowed: [allow("page", ["one.example"], "it reads")],
  secrets: [password("rows-password", "the rows")],
};

const seen = waive("network.egress", { reason: "people look at it", owner: "web", expires: "2027-06-30" });

const keys = ["page", "database", "sandbox", "proxy", "counter"];
const input = (changes: Partial<typeof full> = {}, more: Input = {}): Input => ({
  definition: { ...full, ...changes },
  images: lockOf(...keys),
  ...more,
});
const withService = (name: string, changes: object): Input =>
  input({ services: full.services.map((own) => (own.name === name ? { ...own, ...changes } : own)) });

let base: Side;

beforeAll(async () => {
  base = await sideFor(input());
}, 60_000);

const OUTAGE = "gone for up to 130 s, more where its image has to be fetched";

const pairs: readonly (readonly [change: string, after: Input, told: readonly (string | RegExp)[]])[] = [
  ["nothing", input(), []],
  ["what a flow is for", input({ flows: full.flows.map((own) => ({ ...own, why: `${own.why}, as before` })) }), []],
  ["the purpose of a service", withService("page", { purpose: "says the same otherwise" }), []],
  ["the order of services", input({ services: full.services.toReversed() }), [/^command changed/]],
  [
    "a port opened",
    input({ flows: [...full.flows, flow("page", "database", 9090, "it counts")] }),
    ["path new: page reaches database on 9090, over data: it counts", /^command changed/],
  ],
  [
    "a path taken away",
    input({
      flows: full.flows.filter(({ to }) => to !== "proxy"),
      networks: full.networks.filter(({ name }) => name !== "out-page"),
      allowed: [],
    }),
    [
      "path lost: page no longer reaches proxy on 3128, over out-page: it asks outside",
      "name lost: page may no longer ask for one.example through proxy: it reads",
      /^outage changed: page is made anew \(its networks\)/,
      /^outage changed: proxy is made anew \(its networks\)/,
      /^command changed/,
    ],
  ],
  [
    "a network joined",
    input({
      flows: [...full.flows, flow("counter", "database", 8080, "it looks")],
      networks: [...full.networks, internal("look", 4, "it looks", ["counter", "database"])],
    }),
    [
      "path new: counter reaches database on 8080, over look: it looks",
      /^outage changed: counter is made anew \(dns, its networks, networkMode\)/,
      /^outage changed: database is made anew \(its networks\).*; counter, page cannot reach it then$/,
      /^command changed/,
    ],
  ],
  [
    "a name allowed",
    input({ allowed: [allow("page", ["one.example", "two.example"], "it reads")] }),
    ["name new: page may ask for two.example through proxy: it reads"],
  ],
  [
    "every name allowed",
    input({ allowed: [allow("page", ["*"], "it reads")] }),
    [
      "name new: page may ask for every name on the internet through proxy: it reads",
      "name lost: page may no longer ask for one.example through proxy: it reads",
    ],
  ],
  [
    "a way to the internet",
    input({
      flows: full.flows.map((own) =>
        own.to === "internet" ? flow("proxy", "internet", [443, 22], "the way out") : own,
      ),
    }),
    ["path new: proxy reaches internet on 22, over egress: the way out", /^command changed/],
  ],
  [
    "published to neighbours",
    input(
      {
        flows: [...full.flows, flow("lan", "counter", 8080, "people look")],
        networks: [...full.networks, egress("look", 4, "people look", ["counter"])],
        services: full.services.map((own) => (own.name === "counter" ? { ...own, waivers: [seen] } : own)),
      },
      { settings: { ...settings, publish: { address: "192.168.1.10" } } },
    ),
    [
      "opening new: lan reaches counter on 8080, over look: people look",
      /^outage changed: counter is made anew/,
      /^command changed/,
      /^waiver new: counter may depart from network.egress/,
    ],
  ],
  [
    "a key passed on",
    withService("page", { files: () => ({ "/etc/page/rows": secret("rows-password") }) }),
    [
      "credential new: page can now use the key rows-password, at /etc/page/rows; it opens: the rows",
      /^outage changed: page is made anew \(its files or secrets, mounts\)/,
      /^command changed/,
    ],
  ],
  [
    "only its hash passed on",
    withService("page", { files: () => ({ "/etc/page/rows": secret("rows-password", { as: "sha256" }) }) }),
    [
      /^outage changed: page/,
      /^command changed/,
      "check new: page has the hash of rows-password, at /etc/page/rows; it opens: the rows",
    ],
  ],
  [
    "a secret rotated",
    input({}, { settings: { ...settings, secrets: { "rows-password": { generation: 2 } } } }),
    [
      `outage changed: database is made anew (its files or secrets): ${OUTAGE}; page cannot reach it then`,
      "generation changed: rows-password goes from generation 1 to 2: the value before stays valid until the next one; made anew for it: database",
    ],
  ],
  [
    "a secret rotated twice at once",
    input({}, { settings: { ...settings, secrets: { "rows-password": { generation: 3 } } } }),
    [/^outage/, /more than one at once, so the value before is no longer valid/],
  ],
  [
    "a volume renamed",
    withService("database", { writable: { "/data": volume("rows-2") } }),
    [
      "mount changed: database finds the volume office-rows-2, new and empty, at /data in the place of office-rows, whose data stays on the machine",
      `outage changed: database is made anew (mounts): ${OUTAGE}; page cannot reach it then`,
      /^command changed/,
    ],
  ],
  [
    "a volume given up",
    withService("database", { writable: { "/data": tmpfs(16) } }),
    [
      "mount lost: database no longer has the volume office-rows at /data, whose data stays on the machine",
      /^outage changed: database is made anew \(mounts, tmpfs\)/,
      /^setting changed: database|^command changed/,
    ],
  ],
  [
    "a volume handed on",
    input({
      services: full.services.map((own) =>
        own.name === "database"
          ? { ...own, writable: { "/data": volume("other") } }
          : own.name === "page"
            ? { ...own, writable: { "/rows": volume("rows") } }
            : own,
      ),
    }),
    [
      "mount new: page has the volume office-rows at /rows, which database had",
      "mount changed: database finds the volume office-other, new and empty, at /data in the place of office-rows, which is still there",
      /^outage changed: database/,
      /^outage changed: page/,
      /^command changed/,
    ],
  ],
  [
    "a tag moved",
    input(
      {},
      {
        images: {
          images: {
            ...lockOf(...keys).images,
            page: { repository: "registry.example/page", tag: "2", digest: `sha256:${"cd".repeat(32)}` },
          },
        },
      },
    ),
    [
      /^outage changed: page is made anew \(image registry.example\/page@sha256:ab.* to registry.example\/page@sha256:cd/,
    ],
  ],
  [
    "more memory",
    withService("page", { memory: 300 }),
    ["setting changed: page gets another memory, memorySwap and goes on running"],
  ],
  [
    "a capability",
    withService("page", {
      waivers: [
        waive("container.capabilities", {
          reason: "it binds a low port",
          owner: "web",
          expires: "2027-06-30",
          add: ["NET_BIND_SERVICE"],
        }),
      ],
    }),
    [
      "power new: page has the capability CAP_NET_BIND_SERVICE",
      /^outage changed: page is made anew \(capabilities, its waivers\)/,
      "waiver new: page may depart from container.capabilities with NET_BIND_SERVICE until 2027-06-30, for web: it binds a low port",
    ],
  ],
  [
    "a waiver widened",
    withService("database", {
      waivers: [
        waive("container.capabilities", {
          reason: "it gives its files away",
          owner: "ops",
          expires: "2028-01-01",
          add: ["CHOWN", "FOWNER"],
        }),
      ],
    }),
    [
      "power new: database has the capability CAP_FOWNER",
      /^outage changed: database is made anew \(capabilities\)/,
      "waiver changed: database, container.capabilities: wider by FOWNER; longer, until 2028-01-01 and not 2027-01-01",
    ],
  ],
  [
    "a waiver in other hands",
    withService("database", {
      waivers: [
        waive("container.capabilities", {
          reason: "it still gives its files away",
          owner: "web",
          expires: "2027-01-01",
          add: ["CHOWN"],
        }),
      ],
    }),
    [
      "waiver changed: database, container.capabilities: web answers for it and not ops; its reason is now: it still gives its files away",
    ],
  ],
  [
    "a waiver past its day",
    withService("database", {
      waivers: [
        waive("container.capabilities", {
          reason: "it gives its files away",
          owner: "ops",
          expires: "2026-01-01",
          add: ["CHOWN"],
        }),
      ],
    }),
    [
      "waiver changed: database, container.capabilities: shorter, until 2026-01-01 and not 2027-01-01",
      "waiver expired: database departs from container.capabilities by a waiver that ended on 2026-01-01",
      /^finding new: waiver\.expired \(advisory, medium\) on database/,
    ],
  ],
  [
    "a root file system that can be written",
    withService("page", {
      waivers: [
        waive("container.read-only-root", { reason: "it unpacks itself there", owner: "web", expires: "2027-06-30" }),
      ],
    }),
    [
      "power new: page writes to its root file system",
      /^outage changed: page is made anew \(its waivers, readOnly\)/,
      /^waiver new: page may depart from container.read-only-root until 2027-06-30/,
    ],
  ],
  [
    "an agent on the machine's own kernel",
    withService("sandbox", {
      waivers: [waive("agent.runtime", { reason: "its tools need the kernel", owner: "ops", expires: "2027-06-30" })],
    }),
    [
      "power new: sandbox runs a model's code on the machine's own kernel",
      /^outage changed: sandbox/,
      /^command changed/,
      /^waiver new: sandbox may depart from agent.runtime/,
    ],
  ],
  [
    "a service removed",
    input({ services: full.services.filter(({ name }) => name !== "sandbox") }),
    ["service lost: sandbox is removed", /^command changed/, /^finding new: agent.declared/],
  ],
  [
    "a service added",
    input({ services: [...full.services, aService("late", 6, { image: "page" })] }),
    [/^service new: late is a new container, of registry.example\/page@sha256:/, /^command changed/],
  ],
  [
    "a subnet moved",
    input({}, { settings: { ...settings, network: "10.78.0.0/16" } }),
    [
      /^outage changed: database is made anew \(its networks, network office-data\)/,
      /^outage changed: page is made anew/,
      /^outage changed: proxy is made anew/,
      /^command changed/,
    ],
  ],
];

test.each(pairs)("%s", async (_, after, expected) => {
  const lines = told(base, await sideFor(after));
  expect(lines.map((line, index) => (matches(line, expected[index]) ? expected[index] : line))).toEqual(expected);
});

function matches(line: string, expected: string | RegExp | undefined): boolean {
  return expected instanceof RegExp ? expected.test(line) : line === expected;
}

test("what is no change of reach, data or waivers has the label, and says so in the verdict", async () => {
  const tagMoved = await sideFor(withService("page", { environment: { GREETING: "hello" } }));
  expect(compared(base, tagMoved)).toMatchObject({
    labels: [LABEL],
    verdict: "No change of reach, data or waivers. 1 is made anew.",
  });
  const opened = await sideFor(input({ flows: [...full.flows, flow("page", "database", 9090, "it counts")] }));
  expect(compared(base, opened)).toMatchObject({ labels: [], verdict: "Reach grows: 1 new path." });
  expect(compared(opened, base)).toMatchObject({ labels: [], verdict: "Reach shrinks: 1 lost." });
  expect(compared(base, base)).toMatchObject({ labels: [LABEL], verdict: "No change." });
});

test("the smaller machine has nothing of this", async () => {
  const small = await sideFor(machineWith("page", {}));
  expect(small.proxied).toEqual([]);
  expect(told(small, small)).toEqual([]);
});
