import { expect, test } from "vitest";
import { ProblemsError, refuse } from "#components/lib/problems.ts";

const memory = { property: "valkey.memory", found: "0", expected: "more than 0 MiB" };
const key = { property: "garrison:docker.hostKey", found: "nothing", expected: "a key", fix: "pulumi config set …" };

test("nothing wrong, nothing thrown", () => {
  refuse("Settings", []);
});

test("one report tells everything, with what to type where something can be typed", () => {
  expect(() => {
    refuse("Settings", [memory, key]);
  }).toThrow(
    [
      "Settings: 2 problems; nothing was created.",
      "  - valkey.memory: found 0; expected more than 0 MiB",
      "  - garrison:docker.hostKey: found nothing; expected a key",
      "      type: pulumi config set …",
    ].join("\n"),
  );
  expect(new ProblemsError("Settings", [memory]).message).toMatch(/^Settings: 1 problem; /);
  expect(new ProblemsError("Settings", [memory]).problems).toEqual([memory]);
});
