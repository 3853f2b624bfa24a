import { expect, test } from "vitest";

import { openStack } from "#policies/lib/resource.ts";
import { asGiven, UNKNOWN, urnOf } from "../support.ts";

const network = { type: "docker:index/network:Network", name: "net", properties: {} };
const open = (outputs: object, inputs?: object) => {
  const given = asGiven([{ ...network, properties: { ...outputs } }]);
  const [resource] = openStack(given, new Map(inputs && [[urnOf(network), inputs]])).resources;
  if (resource === undefined) throw new Error("no resource");
  return resource;
};

test("an output that preview cannot know is what the program gives, or left at its default", () => {
  const { properties, unknowns } = open({ name: UNKNOWN, internal: UNKNOWN, labels: UNKNOWN }, { name: "net" });
  expect(properties.text("name")).toBe("net");
  expect(properties.flag("internal")).toBe(undefined);
  expect(unknowns.paths).toEqual([]);
});

test("an input that is unknown itself stays so, and so does an id, which nobody gives", () => {
  const { properties, unknowns } = open({ name: UNKNOWN, id: UNKNOWN }, { name: UNKNOWN });
  expect([properties.text("name"), properties.text("id")]).toEqual([undefined, undefined]);
  expect(unknowns.paths).toEqual(["name", "id"]);
});

test("a known output counts more than the input, and without inputs nothing is filled in", () => {
  expect(open({ name: "made", ipv6: UNKNOWN }, { name: "asked" }).properties.text("name")).toBe("made");
  const { properties, unknowns } = open({ name: UNKNOWN });
  expect([properties.text("name"), unknowns.paths]).toEqual([undefined, ["name"]]);
});

test("a resource without any output is what the program gives: its provider is known only at the update", () => {
  const { properties, unknowns } = open({ id: UNKNOWN }, { name: "net", driver: UNKNOWN });
  expect([properties.text("name"), properties.text("driver")]).toEqual(["net", undefined]);
  expect(unknowns.paths).toEqual(["driver"]);
});

test("a stack is opened once for all rules, and anew when anything of it differs", () => {
  const given = asGiven([network, { ...network, name: "other" }]);
  const stack = openStack(given);
  expect(openStack([...given])).toBe(stack);
  expect(openStack(given.slice(1))).not.toBe(stack);
  expect(openStack(given.map((one, index) => (index === 0 ? { ...one, urn: "urn:other" } : one)))).not.toBe(stack);
});
