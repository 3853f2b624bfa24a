import { expect, test } from "vitest";

import { configurations } from "#policies/configurations.ts";
import { SETTINGS_ID, settingsSchema } from "#policies/lib/settings.ts";
import { rules } from "#policies/rules/catalogue.ts";

const levelsOf = (configuration: Readonly<Record<string, unknown>>) =>
  new Map(
    Object.entries(configuration).map(([id, own]) => [id, (own as { enforcementLevel?: string }).enforcementLevel]),
  );

test("strict lets every rule stop a deployment", () => {
  const levels = levelsOf(configurations.strict);
  expect(rules.filter(({ id }) => levels.get(id) !== "mandatory")).toEqual([]);
});

test("baseline stops at what is grave, and says the rest", () => {
  const levels = levelsOf(configurations.baseline);
  expect(levels.get("container.privileged")).toBe("mandatory");
  expect(levels.get("container.limits")).toBe("advisory");
  expect([...levels.keys()]).toEqual(rules.map(({ id }) => id));
  expect(new Set(levels.values())).toEqual(new Set(["mandatory", "advisory"]));
});

test("the settings they make are settings of the pack", () => {
  for (const configuration of Object.values(configurations)) {
    const names = Object.keys(configuration[SETTINGS_ID] ?? {});
    expect(Object.keys(settingsSchema.properties)).toEqual(expect.arrayContaining(names));
  }
});
