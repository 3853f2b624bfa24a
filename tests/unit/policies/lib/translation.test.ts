import { expect, test } from "vitest";

import { openResource } from "#policies/lib/resource.ts";
import { moves, translate } from "#policies/lib/translation.ts";
import { rule as passwordLogin } from "#policies/rules/azure/password-login.ts";
import { rule as plainProperty } from "#policies/rules/secret/plain-property.ts";
import { rule as storageAccess } from "#policies/rules/azure/storage-access.ts";
import { asGiven, findings, run, UNKNOWN } from "../support.ts";

test.each([
  [{ a: 1 }, "a > b", { a: 1, b: 1 }, [["b", "a"]]],
  [{ a: 1 }, "a > b.c", { a: 1, b: { c: 1 } }, [["b.c", "a"]]],
  [
    { a: ["x", "y"] },
    "a.* > b.*.id",
    { a: ["x", "y"], b: [{ id: "x" }, { id: "y" }] },
    [
      ["b.0.id", "a.0"],
      ["b.1.id", "a.1"],
    ],
  ],
  [{ a: [{ c: 1 }] }, "a.*.c > a.*.d", { a: [{ c: 1, d: 1 }] }, [["a.0.d", "a.0.c"]]],
  [{ b: 2 }, "a > b", { b: 2 }, []],
  [{ a: 1, b: 2 }, "a > b", { a: 1, b: 2 }, []],
  [{ a: null }, "a > b", { a: null }, []],
  [{ a: "text" }, "a.*.c > b", { a: "text" }, []],
  [{ a: UNKNOWN }, "a.*.c > a.*.d", { a: UNKNOWN }, []],
  [{ a: UNKNOWN }, "a.c > b.d", { a: UNKNOWN, b: { d: UNKNOWN } }, [["b.d", "a"]]],
])("%j with %s", (values, move, expected, paths) => {
  const translated = translate(values, moves(move));
  expect(translated.values).toEqual(expected);
  expect([...translated.paths]).toEqual(paths);
});

test("what is taken where nothing is said has the path where it would be said", () => {
  const { values, paths } = translate({}, [{ from: "a", to: "b", otherwise: true }]);
  expect(values).toEqual({ b: true });
  expect(paths.get("b")).toBe("a");
});

const machine = (properties: object) => [
  { type: "azure:compute/linuxVirtualMachine:LinuxVirtualMachine", name: "vm", properties: { ...properties } },
];

test("a finding names the property as the program writes it, and a secret is found once", () => {
  const open = machine({ disablePasswordAuthentication: false, adminPassword: "Winter-2026-x" });
  expect(findings(passwordLogin, open)).toEqual(["disablePasswordAuthentication: false", "adminPassword: a password"]);
  expect(findings(plainProperty, open)).toHaveLength(1);
});

test("what is marked as secret under its own name is marked", () => {
  const marked = machine({ adminPassword: "Winter-2026-x" }).map((one) => ({ ...one, secrets: ["adminPassword"] }));
  expect(findings(plainProperty, marked)).toEqual([]);
});

test("nothing is concluded from what is not known yet", () => {
  const { verdicts, unknown } = run(passwordLogin, machine({ disablePasswordAuthentication: UNKNOWN }));
  expect(verdicts).toEqual([]);
  expect(unknown).toEqual(["disablePasswordAuthentication"]);
  const account = { type: "azure:storage/account:Account", name: "a", properties: { networkRules: UNKNOWN } };
  const closed = { ...account.properties, allowNestedItemsToBePublic: false, sharedAccessKeyEnabled: false };
  expect(findings(storageAccess, [{ ...account, properties: closed }])).toEqual([]);
});

test("a resource keeps the type that the program gives it", () => {
  const [given] = asGiven(machine({}));
  if (given === undefined) throw new Error("there is none");
  expect(openResource(given)).toMatchObject({ type: "azure-native:compute:VirtualMachine", token: given.type });
});
