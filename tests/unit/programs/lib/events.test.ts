import { expect, it } from "vitest";
import { eventLine, readEvent } from "#programs/lib/events/read-event.ts";
import { event } from "./event.ts";

it("reads what it writes", () => {
  const given = event({ onBehalfOf: { agent: "dakota", sender: "4711" }, cost: { usd: 0.2 } });
  expect(readEvent(eventLine(given))).toEqual({ is: "event", event: given });
});

it("refuses an event with every problem, and repeats no value", () => {
  const bad = { ...event(), level: 16, machine: "Office NUC", rule: undefined, body: "hello", time: "yesterday" };
  const reading = readEvent(JSON.stringify(bad));
  expect(reading).toMatchObject({ is: "refused" });
  const problems = reading.is === "refused" ? reading.problems.join("\n") : "";
  for (const property of ["level", "machine", "body", "time"])
    expect(problems).toMatch(new RegExp(`^${property}: `, "m"));
  expect(problems).not.toMatch(/hello|NUC|yesterday/);
});

it("asks for the rule of a denial", () => {
  expect(readEvent(JSON.stringify({ ...event(), rule: undefined }))).toEqual({
    is: "refused",
    problems: ["rule: expected the rule that denied it"],
  });
});

it.each([
  "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0",
  `sk-${"a1".repeat(12)}`,
  "https://user:pass@site.example/",
  "https://site.example/a?key=1",
  "password=hunter2",
])("refuses what looks like a secret: %s", (subject) => {
  const reading = readEvent(JSON.stringify(event({ subject })));
  expect(reading.is === "refused" && reading.problems[0]).toMatch(/^subject: looks like .*; expected no secret$/);
  expect(JSON.stringify(reading)).not.toContain(subject);
  expect(readEvent(JSON.stringify(event({ subject: "https://site.example/a" }))).is).toBe("event");
});

it("reads of a newer version what all versions have", () => {
  const newer = { ...event(), version: 2, decision: { by: "two" }, more: true };
  expect(readEvent(JSON.stringify(newer))).toMatchObject({ is: "newer", event: { version: 2, level: 12 } });
  expect(readEvent(JSON.stringify({ ...newer, level: "high" }))).toMatchObject({ is: "refused" });
});

it.each(["{", "[]", "null", `"${"x".repeat(20_000)}"`])("refuses what is no event: $#", (line) => {
  expect(readEvent(line)).toMatchObject({ is: "refused" });
});
