import { describe, expect, test } from "vitest";
import { parseEvent } from "#scripts/engine/events.ts";
import { RunObserver } from "#scripts/engine/run-report.ts";
import { failure, splitSubject } from "#scripts/engine/failure.ts";
import { summary } from "#scripts/engine/run.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";

const urn = (name: string): string => `urn:pulumi:office::garrison::docker:index/container:Container::${name}`;
const step = (kind: "resourcePreEvent" | "resOutputsEvent", op: string, name: string): object => ({
  sequence: 1,
  [kind]: { metadata: { op, urn: urn(name), type: "docker:index/container:Container" } },
});
const previewEnd = { summaryEvent: { isPreview: true, result: "succeeded", resourceChanges: { create: 2 } } };

function observe(...events: object[]): RunObserver {
  const observer = new RunObserver();
  for (const event of events) {
    const parsed = parseEvent(JSON.stringify(event));
    if (parsed === undefined) throw new Error(`not understood: ${JSON.stringify(event)}`);
    observer.take(parsed);
  }
  return observer;
}

describe("the engine's events", () => {
  test("are lines of JSON; everything else is passed over", () => {
    expect(parseEvent("error: something")).toBeUndefined();
    expect(parseEvent('{"sequence":1,')).toBeUndefined();
    expect(parseEvent('{"sequence":1,"cancelEvent":{}}')).toBeDefined();
  });

  test("tell how far a run is: what the preview planned, what is done, what is under way", () => {
    const planned = [step("resourcePreEvent", "create", "a"), step("resourcePreEvent", "create", "b")];
    const observer = observe(...planned, previewEnd, ...planned, step("resOutputsEvent", "create", "a"));
    expect(observer.describe()).toBe("1 of 2 steps: b");
  });

  test("give the changes of the run itself, not those of its preview", () => {
    const end = { summaryEvent: { isPreview: false, result: "succeeded", resourceChanges: { same: 18, update: 2 } } };
    const changes = observe(previewEnd, end).report();
    expect(summary(changes.changes)).toBe("2 updated");
    expect(changes.planned).toEqual({ create: 2 });
    expect(summary(observe(previewEnd).report().changes)).toBe("nothing changed");
  });

  test("give each error and warning once, with its resource, and nothing that only passes by", () => {
    const error = { diagnosticEvent: { urn: urn("valkey"), message: "it failed\n", severity: "error" } };
    const passing = { diagnosticEvent: { message: "waiting", severity: "error", ephemeral: true } };
    const warning = { diagnosticEvent: { message: "old\n", severity: "warning" } };
    const report = observe(error, error, passing, warning).report();
    expect(report.errors).toEqual(["valkey: it failed"]);
    expect(report.warnings).toEqual(["old"]);
  });

  test("give violations of mandatory policies apart from advice", () => {
    const policy = (enforcementLevel: string): object => ({
      policyEvent: {
        resourceUrn: urn("valkey"),
        message: `${enforcementLevel} text`,
        policyName: "container.user",
        policyPackName: "garrison-policies",
        enforcementLevel,
      },
    });
    const report = observe(policy("mandatory"), policy("advisory")).report();
    expect(report.violations).toEqual(["container.user (valkey): mandatory text"]);
    expect(report.warnings).toEqual(["container.user (valkey): advisory text"]);
  });
});

describe("an error of the engine", () => {
  test("is told with what it is about", () => {
    expect(splitSubject("valkey-container: 1 error occurred:\n\t* not healthy")).toEqual({
      property: "valkey-container",
      found: "not healthy",
    });
    expect(splitSubject("no colon here")).toEqual({ property: "engine", found: "no colon here" });
  });

  const told = (
    errors: string[],
    over: Partial<{ violations: string[]; interrupted: boolean; stderr: string }> = {},
  ) => {
    const report = { planned: {}, changes: {}, errors, warnings: [], violations: over.violations ?? [] };
    const ended = { stderr: over.stderr ?? "", how: "SIGKILL", interrupted: over.interrupted ?? false };
    const error = failure(report, ended, { label: "Deploying office", again: "npm run up" });
    if (!(error instanceof ProblemReport)) throw new Error("not a report");
    return { title: error.message, found: error.problems.map(({ found }) => found), problems: error.problems };
  };

  test("comes with the others, and without the engine's closing line", () => {
    expect(told(["a: one", "b: two", "garrison-office: update failed"]).found).toEqual(["one", "two"]);
    expect(told(["update failed"]).found).toEqual(["update failed"]);
  });

  test("that an official plugin logs as well as returns is told once", () => {
    const logged = (text: string) => `web: sdk-v2/provider2.go:571: sdk.helper_schema: ${text}: provider=docker@5.2.0`;
    const [port, network] = ["Unable to start container: port is already allocated", "Unable to create network: taken"];
    const returned = `web: 1 error occurred:\n\t* ${port}\n\n`;
    expect(told([logged(port), returned]).found).toEqual([`${port}\n\n`]);
    expect(told([logged(port), logged(network), returned]).found).toEqual([network, `${port}\n\n`]);
    expect(told([returned.replace("web", "other"), logged(port)]).problems.map(({ property }) => property)).toEqual([
      "other",
      "web",
    ]);
  });

  test("is what the engine said on its way out, or how it ended, when it reported nothing", () => {
    expect(told([], { stderr: "error: the stack is locked" }).found).toEqual(["the stack is locked"]);
    expect(told([]).found[0]).toContain("SIGKILL");
  });

  test("of a policy or of the program's own report is not dressed up as something else", () => {
    expect(told([], { violations: ["container.user (x): root"] })).toMatchObject({
      title: "Deploying office: refused by policy",
      found: ["root"],
      problems: [{ fix: "npm run policy -- explain container.user, then npm run up" }],
    });
    const own = "Settings of stack office: 2 problems; nothing was created.\n  - garrison:network: found x";
    expect(told([own]).problems[0]).toMatchObject({ property: "program", found: own });
  });

  test("after a signal says what completes the work", () => {
    expect(told(["update cancelled"], { interrupted: true })).toMatchObject({ title: "Interrupted" });
    expect(told([], { interrupted: true }).problems[0]?.fix).toContain("npm run up");
  });
});
