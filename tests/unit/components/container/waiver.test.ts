import { describe, expect, test } from "vitest";
import { waive, waiverProblems } from "#components/container/waiver.ts";
import type { Waiver } from "#components/container/waiver.ts";

const good = waive("container.read-only-root", {
  reason: "writes its keystore beside its program",
  owner: "security",
  expires: "2027-06-30",
});

function problemsWith(changes: Partial<Waiver>): string[] {
  return waiverProblems({ ...good, ...changes });
}

describe("a waiver", () => {
  test("with reason, owner and date is in order", () => {
    expect(waiverProblems(good)).toEqual([]);
    expect(problemsWith({ id: "container.capabilities", add: ["CHOWN"] })).toEqual([]);
  });

  test("needs a reason that explains something", () => {
    expect(problemsWith({ reason: "it needs it" })).toEqual(['reason "it needs it" does not explain anything']);
    expect(problemsWith({ reason: "   " })).toHaveLength(1);
  });

  test("needs an owner", () => {
    expect(problemsWith({ owner: " " })).toEqual(["owner is empty"]);
    expect(problemsWith({ owner: "\u200B" })).toEqual(["owner is empty"]);
    expect(problemsWith({ reason: "\u200B - . needed" })).toHaveLength(1);
  });

  test.each(["never", "2027-6-30", "30.06.2027", "2027-13-01", "2027-02-30", "2027-06-31", "2027-00-10", ""])(
    "needs an expiry that is a day: %s",
    (expires) => {
      expect(problemsWith({ expires })).toEqual([`expires "${expires}" is not a date (YYYY-MM-DD)`]);
    },
  );

  test("a leap day is a day", () => {
    expect(problemsWith({ expires: "2028-02-29" })).toEqual([]);
  });

  test("names capabilities where it is about capabilities, and nowhere else", () => {
    expect(problemsWith({ id: "container.capabilities" })).toEqual(["add names no capability"]);
    expect(problemsWith({ add: ["CHOWN"] })).toEqual(["add has no meaning for container.read-only-root"]);
  });

  test("tells all that is wrong with it", () => {
    expect(problemsWith({ reason: "", owner: "", expires: "", add: ["CHOWN"] })).toHaveLength(4);
  });
});
