import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { planMachine } from "#components/machine/plan-machine.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { firecrawlBrowser } from "#components/services/firecrawl/browser.ts";
import { firecrawl, firecrawlWorker } from "#components/services/firecrawl/service.ts";
import { jobQueue } from "#components/services/job-queue/service.ts";
import { searxng } from "#components/services/searxng/service.ts";
import { valkey } from "#components/services/valkey/service.ts";
import { delivered, madeUp } from "#tests/support/office-files.ts";
import { filesIn, wired } from "#tests/support/wired.ts";
import { anInput, lockOf } from "../machine/example.ts";

const out = egressProxy("out");
const cache = valkey("cache");
const search = searxng("search", { cache, out, engines: ["www.mojeek.com"] });
const wires = { queue: jobQueue("jobs"), browser: firecrawlBrowser("browser", { out }) };
const own = wired([
  firecrawl("crawl", { ...wires, search }),
  firecrawlWorker("worker", wires),
  wires.queue,
  wires.browser,
  search,
  cache,
  out,
]);
const told = (name: string) => parseEnv(delivered(filesIn(own, name)["/etc/firecrawl/firecrawl.env"] ?? ""));
const reachedBy = (name: string) =>
  own.flows
    .filter(({ from }) => from === name)
    .map(({ to }) => to)
    .sort();

test("only the browser has a way out, and it is the proxy's", () => {
  expect(reachedBy("crawl")).toEqual(["browser", "jobs", "search"]);
  expect(reachedBy("worker")).toEqual(["browser", "jobs"]);
  expect(reachedBy("browser")).toEqual(["out"]);
  expect(own.allowed.filter(({ hosts }) => hosts.includes("*")).map(({ client }) => client)).toEqual(["browser"]);
  // A proxy in their variables, and their own address check would refuse every answer.
  for (const name of ["crawl", "worker"]) expect(told(name).PROXY_SERVER).toBeUndefined();
  expect(own.services.find(({ name }) => name === "browser")).toMatchObject({
    environment: { PROXY_SERVER: "http://out:3128" },
  });
});

test("API and worker work on the same jobs, each by its own login", () => {
  for (const name of ["crawl", "worker"]) {
    const url = new URL(told(name).REDIS_URL ?? "");
    expect([url.username, url.host]).toEqual([name, "jobs:6379"]);
    expect(url.password).toBe(madeUp({ name: `jobs-${name}`, slot: "current" }));
  }
  const users = (filesIn(own, "jobs")["/etc/valkey/users.acl"] ?? "").trim().split("\n");
  expect(users.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    "user default on",
    "user crawl on",
    "user worker on",
  ]);
  expect(users[1]).not.toMatch(/\+@(all|admin|dangerous)|nopass/);
  expect(told("crawl").SEARXNG_ENDPOINT).toBe("http://search:8080");
  expect(told("worker").SEARXNG_ENDPOINT).toBeUndefined();
});

test("its queues' page is behind a key of its own, not its vendor's", () => {
  expect(told("crawl").BULL_AUTH_KEY).toBe(madeUp({ name: "crawl-queues", slot: "current" }));
  expect(told("worker").BULL_AUTH_KEY).not.toBe(told("crawl").BULL_AUTH_KEY);
});

test("the machine is planned with it", () => {
  const images = lockOf("firecrawl", "firecrawl-browser", "valkey", "searxng", "egress-proxy");
  const { containers } = planMachine(
    anInput({
      definition: own,
      images,
      settings: { ...anInput().settings, resources: { memoryMiB: 16_384, cpus: 8, reserveMiB: 1024 } },
    }),
  );
  expect(containers.find(({ name }) => name === "worker")?.after).toEqual(["jobs"]);
});
