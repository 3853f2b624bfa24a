import { expect, it } from "vitest";
import { judge } from "#scripts/doctor/internet.ts";

it("is well when nothing is missing", () => {
  expect(judge([], true)).toMatchObject({ verdict: "ok" });
});

it("need not be there while nothing is deployed", () => {
  expect(judge(["namespace garrison-abc"], false)).toMatchObject({ verdict: "note" });
});

it("is wrong under a deployment when something is missing, and a command repairs it", () => {
  expect(judge(["program server", "a", "b", "c"], true)).toEqual({
    name: "lab internet",
    verdict: "wrong",
    found: "missing: program server, a, b and 1 more",
    next: "npm run up (makes it whole)",
  });
});
