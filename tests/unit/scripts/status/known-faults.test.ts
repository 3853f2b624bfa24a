import type Docker from "dockerode";
import { expect, test } from "vitest";
import { ProblemReport, renderReport } from "#helpers/terminal/report.ts";
import { faultOf, knownFaults, withCauses } from "#scripts/status/known-faults.ts";
import { office } from "#stacks/office.ts";

const again = "npm run up -- --estate trial";

/** What OpenClaw 2026.7.35 from npm said, killed as soon as its state had the lease and started again. */
const LEASE = `[openclaw] Could not start the CLI.
[openclaw] Reason: OpenClaw startup migrations are already running for this state directory; retry after the other gateway finishes or after 2026-12-01T04:19:07.540Z.
[openclaw] Debug: set OPENCLAW_DEBUG=1 to include the stack trace.
[openclaw] Try: openclaw doctor
[openclaw] Help: openclaw --help
`;
const lease = {
  property: "openclaw-gateway",
  found: "the gateway before it was stopped while it migrated its state, and its lease of five minutes still holds",
  expected: "a healthy container",
  fix: `wait until 2026-12-01T04:19:07.540Z (docs/how-to/after-the-first-deploy.md says why), then ${again}`,
};

interface Standing {
  readonly log: string;
  readonly running?: boolean;
  readonly health?: string;
}

/** A daemon with containers by name; of each, as Docker does, a log in pieces of eight bytes and text. */
function daemon(containers: Readonly<Record<string, Standing>>): Docker {
  const getContainer = (name: string) => {
    const container = containers[name];
    if (container === undefined) return { inspect: () => Promise.reject(new Error("no such container")) };
    const { log, running = true, health } = container;
    return {
      inspect: () => Promise.resolve({ State: { Running: running, ...(health && { Health: { Status: health } }) } }),
      logs: () =>
        Promise.resolve(
          Buffer.concat(
            log
              .split(/(?<=\n)/)
              .flatMap((line) => [Buffer.from([2, 0, 0, 0, 0, 0, 0, line.length]), Buffer.from(line)]),
          ),
        ),
    };
  };
  return { getContainer } as unknown as Docker;
}

const ask = (containers: Readonly<Record<string, Standing>>) =>
  knownFaults(office, { docker: daemon(containers), estate: "trial", again });

test.each<[string, Standing]>([
  ["starts again and again", { log: LEASE, running: true, health: "starting" }],
  ["has ended", { log: LEASE, running: false, health: "unhealthy" }],
  ["said it twice", { log: LEASE.replace("04:19:07.540", "04:01:00.000") + LEASE, health: "unhealthy" }],
])("OpenClaw's lease is named, with the time at which it is over, of a gateway that %s", async (_, standing) => {
  expect(await ask({ "trial-openclaw-gateway": standing })).toEqual([lease]);
});

test.each<[string, Readonly<Record<string, Standing>>]>([
  ["a gateway that is healthy again", { "trial-openclaw-gateway": { log: LEASE, health: "healthy" } }],
  ["a gateway with another trouble", { "trial-openclaw-gateway": { log: "[openclaw] Reason: no room\n" } }],
  ["another program that says the same", { "trial-valkey": { log: LEASE, health: "unhealthy" } }],
  ["another estate", { "office-openclaw-gateway": { log: LEASE, health: "unhealthy" } }],
])("nothing is said of %s", async (_, containers) => {
  expect(await ask(containers)).toEqual([]);
});

test("of two faults the last counts", () => {
  const faults = [
    { says: /early (\w+)/, cause: "early", first: ([, what = ""]: RegExpMatchArray) => `mend ${what}` },
    { says: /late/, cause: "late", first: () => "mend late" },
  ];
  expect(faultOf({ name: "a", faults }, "early one\nlate\n", "up")?.fix).toBe("mend late, then up");
  expect(faultOf({ name: "a", faults }, "late\nearly one\nother\n", "up")?.fix).toBe("mend one, then up");
  expect(faultOf({ name: "a" }, "late\n", "up")).toBeUndefined();
});

test("the engine's report begins with it", async () => {
  const engine = { property: "openclaw-gateway-container", found: "container is not healthy", expected: "no error" };
  const report = new ProblemReport("Deploying office: the engine reports errors", [engine]);
  const told = await withCauses(report, () => Promise.resolve([lease]));
  expect(told).toBeInstanceOf(ProblemReport);
  const text = renderReport(told as ProblemReport);
  expect(text).toContain("Deploying office: the engine reports errors");
  expect(text.indexOf("lease of five minutes")).toBeLessThan(text.indexOf("is not healthy"));
  expect(await withCauses(report, () => Promise.resolve([]))).toBe(report);
  const bug = new Error("a bug");
  expect(await withCauses(bug, () => Promise.resolve([lease]))).toBe(bug);
});
