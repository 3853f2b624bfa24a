import { expect, it } from "vitest";
import { readProfile } from "#bench/profile.ts";

const frame = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });
const root = "file:///home/somebody/garrison";

it("adds samples up by package and by directory, without the time in which nothing happened", () => {
  const profile = readProfile({
    nodes: [
      frame(1, "(idle)", ""),
      frame(2, "run", `${root}/node_modules/@pulumi/pulumi/cmd/run/run.js`),
      frame(3, "plan", `${root}/components/machine/plan-machine.ts`),
      frame(4, "compileForInternalLoader", "node:internal/bootstrap/realm"),
      frame(5, "(garbage collector)", ""),
    ],
    samples: [1, 2, 3, 2, 4, 5],
    timeDeltas: [9_000_000, 1_000_000, 500_000, 1_000_000, 250_000, 125_000],
  });
  expect(profile).toEqual({
    role: "program",
    seconds: 2.875,
    parts: [
      { name: "@pulumi/pulumi", seconds: 2 },
      { name: "components", seconds: 0.5 },
      { name: "Node: loading modules and its own code", seconds: 0.25 },
      { name: "garbage collector", seconds: 0.125 },
    ],
  });
});

it.each([
  [`${root}/lab/engine/plugins/docker/main.ts`, "plugin docker"],
  [`${root}/lab/engine/language-host/main.ts`, "language host"],
  [`${root}/node_modules/@pulumi/pulumi/cmd/run-policy-pack/run.js`, "policy pack"],
  [`${root}/elsewhere.js`, "another Node"],
])("recognises the process that loads %s", (url, role) => {
  expect(readProfile({ nodes: [frame(1, "main", url)], samples: [1], timeDeltas: [1] }).role).toBe(role);
});
