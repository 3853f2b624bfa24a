import { expect, test } from "vitest";
import { planDeclarations } from "#components/machine/declarations.ts";
import { flow } from "#components/network/flow.ts";
import { planFiles } from "#components/files/plan-files.ts";
import { secret } from "#components/secrets/reference.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { officeContext } from "#tests/support/office-files.ts";
import { aService, definition } from "./example.ts";

const PATH = "/etc/gateway/gateway.json";

function declarations(text: string, changes: Partial<ServiceSpec> = {}) {
  const gateway = aService("gateway", 1, {
    files: () => ({ [PATH]: text }),
    declares: { role: "gateway", configuration: PATH },
    ...changes,
  });
  const services = [gateway, aService("database", 2)];
  const machine = {
    ...definition,
    services,
    networks: [],
    flows: [flow("gateway", "internet", [443, "53/udp"], "why")],
  };
  return planDeclarations(machine, planFiles(services, officeContext()), (service) => `estate-${service}`);
}

test("names containers and places as they are called on the host", () => {
  const { programs, flows } = declarations("{}");
  expect(Object.keys(programs)).toEqual(["estate-gateway"]);
  expect(flows).toEqual([{ from: "estate-gateway", to: "internet", ports: ["443", "53/udp"], why: "why" }]);
});

test.each([
  ["as a JSON string", `{ "token": ${secret("gateway-token", { as: "json" })}, "port": 1 }`],
  ["within a string", `{ "token": "${secret("gateway-token")}", "port": 1 }`],
])("shows a secret by its name: %s", (_, text) => {
  const configuration = { token: "secret gateway-token", port: 1 };
  expect(declarations(text).programs["estate-gateway"]).toEqual({ role: "gateway", configuration });
});

test("keeps what is not JSON as text, without references", () => {
  const { configuration } =
    declarations(`// by hand\n{ token: '${secret("gateway-token")}' }`).programs["estate-gateway"] ?? {};
  expect(configuration).toBe("// by hand\n{ token: 'secret gateway-token' }");
});

test("an agent is declared as one without a word", () => {
  const services = [aService("gateway", 1, { agent: true })];
  const { programs } = planDeclarations({ ...definition, services }, [], (service) => `estate-${service}`);
  expect(programs).toEqual({
    "estate-gateway": { role: "agent" },
  });
});

test("a configuration that is none of the service's files is a mistake", () => {
  const declares = { role: "gateway", configuration: "/etc/else" } as const;
  expect(() => declarations("{}", { declares })).toThrow("gateway has no file /etc/else");
});
