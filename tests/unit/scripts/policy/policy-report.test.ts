import { expect, test } from "vitest";
import { rules } from "#policies/rules/catalogue.ts";
import { policyReport } from "#scripts/policy/policy-report.ts";
import { showEverything, showReport } from "#scripts/policy/show.ts";
import { finding, note, plainContainers, urn } from "./example.ts";

// eslint-disable-next-line no-control-regex
const linesOf = (text: string) => text.replace(/\u001b\[\d+m/g, "").split("\n");
const rule = (id: string) => rules.find((one) => one.id === id);

test("findings are grouped by rule and counted; what stops a deployment and is graver comes first", () => {
  const events = [
    finding("container.process-limit-advice", "shop-dev"),
    finding("container.health-check", "web"),
    finding("container.user", "web"),
    finding("container.user", "db", { property: "user", found: '"root"' }),
    finding("container.privileged", "web"),
    note("pack.unjudged", "Not known before the update, and judged then: image of web."),
  ];
  const report = policyReport("state.json", events, ["warning: secrets are redacted"]);
  expect(report.rules.map(({ id, findings }) => [id, findings.length])).toEqual([
    ["container.privileged", 1],
    ["container.user", 2],
    ["container.health-check", 1],
    ["container.process-limit-advice", 1],
  ]);
  expect(report.counts).toEqual({
    findings: 5,
    resources: 3,
    bySeverity: { critical: 1, high: 2, medium: 0, low: 2 },
    byLevel: { mandatory: 4, advisory: 1 },
  });
  expect(report.rules[1]).toMatchObject({ why: rule("container.user")?.why, fix: rule("container.user")?.fix });
  expect(report.rules[1]?.findings[1]).toEqual({
    urn: urn("db"),
    resource: "db",
    property: "user",
    found: '"root"',
    expected: "a uid",
  });
  expect(report.notes).toEqual([
    "Not known before the update, and judged then: image of web.",
    "warning: secrets are redacted",
  ]);
});

test("what is said in words is a note, unless it stops a deployment", () => {
  const advice = { ...finding("container.process-limit-advice", "web"), message: "can't run it during preview" };
  const cut = { ...finding("container.user", "web"), message: '{"resource":"web","prop' };
  const report = policyReport("a preview", [advice, cut], []);
  expect(report.notes).toEqual([advice.message]);
  expect(report.counts.byLevel).toEqual({ mandatory: 1, advisory: 0 });
  expect(report.rules[0]?.findings[0]).toMatchObject({ urn: urn("web"), resource: "web", found: cut.message });
});

test("15 plain containers are one screen, with why and fix of each rule once", () => {
  const lines = linesOf(showReport(plainContainers(15)));
  expect(lines.length).toBeLessThanOrEqual(40);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
  expect(lines.filter((line) => line.startsWith("  Why: "))).toHaveLength(10);
  expect(lines.filter((line) => line.startsWith("  Fix: "))).toHaveLength(10);
  expect(lines.slice(0, 2)).toEqual([
    "✗ state.json: 136 findings on 16 resources",
    "  75 high, 45 medium, 16 low; 135 of them stop a deployment",
  ]);
  expect(lines.find((line) => line.includes("container.user "))).toMatch(
    /^✗ container\.user +high +15 {2}service-1, service-2, .* and \d+ more$/,
  );
});

test("800 containers that break every rule are one screen", () => {
  const all = rules.map(({ id }) => id).filter((id) => !id.startsWith("container."));
  const lines = linesOf(showReport(plainContainers(800, all)));
  expect(lines.length).toBeLessThanOrEqual(44);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
  const shown = lines.slice(2).filter((line) => /^[✗!] \w+\.\S+ /.test(line)).length;
  expect(lines.find((line) => line.startsWith("… and "))).toBe(`… and ${String(all.length + 10 - shown)} rules more`);
});

test("a resource's long name, or one with a line in it, breaks no screen", () => {
  const long = policyReport(
    "state.json",
    [finding("container.user", "x".repeat(300)), finding("container.user", "a\nb")],
    [],
  );
  const lines = linesOf(showReport(long));
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
  expect(lines.filter((line) => line.startsWith("✗ container.user"))).toHaveLength(1);
});

test("many notes do not fill the screen, and are all there in full", () => {
  const notes = Array.from({ length: 60 }, (_, index) => `note ${String(index)}`);
  const report = policyReport("state.json", [finding("container.user", "web")], notes);
  const lines = linesOf(showReport(report));
  expect(lines.filter((line) => line.startsWith("· "))).toHaveLength(5);
  expect(lines).toContain("· and 56 notes more");
  expect(linesOf(showEverything(report))).toContain("· note 59");
});

test("in full, every finding is there, uncut", () => {
  const found = Array.from({ length: 60 }, () => "found").join(" ");
  const report = policyReport(
    "state.json",
    [finding("container.user", "web", { found, waiver: "It is refused." })],
    [],
  );
  const text = linesOf(showEverything(report)).join(" ").replace(/ +/g, " ");
  expect(text).toContain(`web: user is ${found}; expected a uid. It is refused.`);
  expect(text).toContain(rule("container.user")?.why);
});

test("nothing found is said in one line", () => {
  expect(linesOf(showReport(policyReport("state.json", [], [])))).toEqual(["✓ state.json: nothing was found"]);
});
