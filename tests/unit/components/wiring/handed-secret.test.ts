import fc from "fast-check";
import { expect, test } from "vitest";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { matrix } from "#components/network/matrix.ts";
import { secret } from "#components/secrets/reference.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Secret, Service } from "#components/wiring/blueprint.ts";
import { secretOf } from "#components/wiring/handed-secret.ts";
import { facts, wired } from "#tests/support/wired.ts";
import { anInput, lockOf, settings } from "../machine/example.ts";

/** A service with two secrets of its own, of which it reads one. */
function api(name: string): Service & { readonly jwt: Secret; readonly key: Secret } {
  const source = { type: "password", length: 40 } as const;
  const own = define(name, {
    uses: {},
    secrets: { jwt: { why: "signs", source }, key: { why: "encrypts", source } },
    facts: () => facts({ image: "any" }),
    files: (self) => ({ "/etc/api/jwt": self.own("jwt") }),
  });
  return { ...own, jwt: secretOf(own, "jwt"), key: secretOf(own, "key") };
}

/** Reads these secrets, or all of them but one. */
function reader(name: string, secrets: readonly Secret[], unread = -1): Service {
  const takes = Object.fromEntries(secrets.map((from, index) => [`t${String(index)}`, { from, why: "it looks" }]));
  return define(name, {
    uses: {},
    takes,
    facts: () => facts({ image: "any" }),
    files: (self) =>
      Object.fromEntries(
        secrets.flatMap((_, index) =>
          index === unread ? [] : [[`/etc/reader/${String(index)}`, self.taken(`t${String(index)}`)]],
        ),
      ),
  });
}

function planOf(services: readonly Service[]) {
  return planMachine(anInput({ definition: wired(services), images: lockOf("any") }));
}

test("two secrets of one service are read by another, without a network between them", () => {
  const own = api("api");
  const plan = planOf([own, reader("reader", [own.jwt, own.key])]);
  expect(plan.files.find(({ service }) => service === "reader")?.directories[0]?.files).toEqual({
    "0": secret("api-jwt"),
    "1": secret("api-key"),
  });
  expect(plan.secrets.map(({ name, readers }) => [name, readers])).toEqual([
    ["api-jwt", ["api", "reader"]],
    ["api-key", ["reader"]],
  ]);
  expect(plan).toMatchObject({ flows: [], networks: [] });
});

test("whoever was handed which secret reads it, exactly, and reaches nobody by that", () => {
  const machines = fc.array(fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(machines, (readers) => {
      const owners = [api("a0"), api("a1"), api("a2")];
      const handles = owners.flatMap(({ jwt, key }) => [jwt, key]);
      const services = readers.map((wanted, index) =>
        reader(
          `r${String(index)}`,
          wanted.flatMap((one) => handles[one] ?? []),
        ),
      );
      // A secret that nobody reads is refused: the last one reads them all.
      const own = wired([...owners, ...services, reader("all", handles)]);
      const plan = planMachine(
        anInput({
          definition: own,
          images: lockOf("any"),
          settings: { ...settings, resources: { ...settings.resources, memoryMiB: 65_536 } },
        }),
      );
      for (const [index, wanted] of readers.entries()) {
        const read = plan.secrets.filter((one) => one.readers.includes(`r${String(index)}`)).map(({ name }) => name);
        const expected = wanted.flatMap((one) => handles[one] ?? []).map((one) => `${one.of.name}-${one.secret}`);
        expect(read.sort()).toEqual(expected.sort());
      }
      const reached = [...matrix(machineReachability(own, settings))].filter(({ answer }) => answer.reachable);
      expect(reached).toEqual([]);
    }),
  );
});

test.each<readonly [string, () => readonly Service[], string]>([
  [
    "of somebody who is not there",
    () => [reader("reader", [api("api").jwt])],
    "reader.takes.t0: found a secret of api, which is not on the machine",
  ],
  [
    "that there is not",
    () => {
      const own = api("api");
      return [own, reader("reader", [secretOf(own, "nothing"), own.key])];
    },
    "reader.takes.t0: found the secret nothing of api; expected one of jwt, key",
  ],
  [
    "that no file holds",
    () => {
      const own = api("api");
      return [own, reader("reader", [own.jwt, own.key], 0)];
    },
    "reader.takes.t0: found the secret jwt of api, which no file of reader holds",
  ],
])("a secret %s is refused", (_, services, expected) => {
  expect(() => planOf(services())).toThrow(expected);
});
