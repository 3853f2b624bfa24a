import { describe, expect, test } from "vitest";
import { waive } from "#components/container/waiver.ts";
import type { Waiver } from "#components/container/waiver.ts";
import type { Problem } from "#components/lib/problems.ts";
import { allow, egress, internal } from "#components/machine/machine-definition.ts";
import type { Allowance, MachineDefinition, NetworkRequest } from "#components/machine/machine-definition.ts";
import { flow } from "#components/network/flow.ts";
import { networkProblems } from "#components/network/network-problems.ts";
import { aService, settings } from "../machine/example.ts";
import { machine, withFlows } from "./a-machine.ts";

// What a plan tells to write is written, with something in the place of each …, and mends it.

const problemsOf = (definition: MachineDefinition): readonly Problem[] => networkProblems(definition, settings);

/** The line as a program reads it: what stands behind ` among` says where it belongs. */
function written(fix: string): unknown {
  const line = fix
    .replace(/ among .*$/, "")
    .replace('expires: "…"', 'expires: "2027-06-30"')
    .replaceAll("…", "example.org")
    .replace(/^(internal|egress)\("example\.org"/, '$1("example"');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  return new Function("internal", "egress", "allow", "waive", `return ${line};`)(internal, egress, allow, waive);
}

function only(definition: MachineDefinition): string {
  const [problem, ...more] = problemsOf(definition);
  expect(more).toEqual([]);
  return problem?.fix ?? "";
}

describe("a network that is missing", () => {
  test.each([
    ["two that talk", withFlows(flow("page", "lonely", 8080, "the page asks"))],
    ["one that talks to the host", withFlows(flow("lonely", "host", 9100, "it is watched"))],
  ])("%s", (_, definition) => {
    const network = written(only(definition)) as NetworkRequest;
    expect(problemsOf({ ...definition, networks: [...definition.networks, network] })).toEqual([]);
  });

  test("one that talks to the internet", () => {
    const record = { reason: "it asks", owner: "security", expires: "2027-06-30" };
    const services = machine.services.map((one) =>
      one.name === "lonely" ? { ...one, waivers: [waive("network.egress", record)] } : one,
    );
    const definition = { ...withFlows(flow("lonely", "internet", 443, "it asks")), services };
    const network = written(only(definition)) as NetworkRequest;
    expect(problemsOf({ ...definition, networks: [...definition.networks, network] })).toEqual([]);
  });
});

test("what a client may ask a proxy for", () => {
  const definition = { ...machine, allowed: machine.allowed.filter(({ client }) => client !== "agent") };
  const allowance = written(only(definition)) as Allowance;
  expect(problemsOf({ ...definition, allowed: [...definition.allowed, allowance] })).toEqual([]);
});

test("a waiver of a way out of one's own", () => {
  const bare = aService("lonely", 6);
  const definition: MachineDefinition = {
    ...withFlows(flow("lonely", "internet", 443, "it asks")),
    networks: [...machine.networks, egress("own", 6, "it asks", ["lonely"])],
    services: [...machine.services.filter(({ name }) => name !== "lonely"), bare],
  };
  const waiver = written(only(definition)) as Waiver;
  const services = definition.services.map((one) => (one.name === "lonely" ? { ...one, waivers: [waiver] } : one));
  expect(problemsOf({ ...definition, services })).toEqual([]);
});
