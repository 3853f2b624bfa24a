import { expect, test } from "vitest";
import type { AzurePlace, PlaceMachine } from "#components/azure/azure-place.ts";
import { placeProblems } from "#components/azure/place-problems.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { azureWebPlace } from "#stacks/azure-web.ts";
import { gpuPlace } from "#stacks/gpu.ts";
import { anAzure } from "./an-azure.ts";

const block = "10.88.0.0/16";
const at = (name: string, behind?: string, subnet = "one"): PlaceMachine => ({
  name,
  subnet,
  size: "Standard_B2s",
  osDiskGiB: 32,
  ...(behind !== undefined && { behind }),
});
const place = (...machines: readonly PlaceMachine[]): AzurePlace => ({
  subnets: [{ name: "one", number: 1 }],
  machines,
});

test.each<[string, AzurePlace, readonly string[]]>([
  ["the web machine", azureWebPlace, []],
  ["the machine with a GPU", gpuPlace, []],
  ["a bastion behind a bastion", place(at("outer"), at("door", "outer"), at("main", "door")), []],
  ["no machine", place(), ["machines: none; one named main"]],
  [
    "no main, and so nobody behind what is there",
    place(at("web")),
    [
      "machines: web; one named main",
      'machines.web: nobody is behind it; main, or a bastion that another machine names: behind: "web"',
    ],
  ],
  ["main twice", place(at("main"), at("main")), ["machines.name: main, of main, main; each with a name of its own"]],
  [
    "a bastion that comes later, and so is nobody's yet",
    place(at("main", "door"), at("door")),
    ["machines.main.behind: door; none, or a machine that is declared before it: a bastion comes first"],
  ],
  [
    "a name mistyped",
    place(at("door"), at("main", "dor")),
    [
      'machines.door: nobody is behind it; main, or a bastion that another machine names: behind: "door"',
      "machines.main.behind: dor; one of door: a bastion comes first",
    ],
  ],
  [
    "a machine behind main, which would have no containers then",
    place(at("main"), at("other", "main")),
    [
      "machines.other.behind: main; none, or a machine that is declared before it: a bastion comes first",
      'machines.other: nobody is behind it; main, or a bastion that another machine names: behind: "other"',
    ],
  ],
  [
    "a machine behind itself",
    place(at("main", "main")),
    [expect.stringContaining("machines.main.behind: main; none") as string],
  ],
  ["an unknown subnet", place(at("main", undefined, "two")), ["machines.main.subnet: two; one of one"]],
  [
    "subnets that are the same, or none",
    {
      subnets: [
        { name: "one", number: 1 },
        { name: "one", number: 2 },
        { name: "two", number: 2 },
        { name: "three", number: 1.5 },
        { name: "four", number: 1024 },
      ],
      machines: [at("main")],
    },
    [
      "subnets.name: one, of one, one; each with a name of its own",
      "subnets.number: 2, of one, two; each with a number of its own",
      "subnets.three.number: 1.5; a whole number from 1 to 1023",
      "subnets.four.number: 1024; a whole number from 1 to 1023",
    ],
  ],
])("%s", (_, given, expected) => {
  const problems = placeProblems(given, block);
  expect(problems.map(({ property, found, expected: wanted }) => `${property}: ${found}; ${wanted}`)).toEqual(expected);
  if (expected.length > 0) expect(() => anAzure(given)).toThrow(ProblemsError);
});
