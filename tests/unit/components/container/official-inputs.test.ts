import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { ContainerArgs } from "@pulumi/docker";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { containerProblems } from "#components/container/container-problems.ts";
import { containerOptions } from "#components/container/container-schema.ts";
import { officialInputs } from "#components/container/official-inputs.ts";
import type { JoinedContainer } from "#components/container/posture.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import { aContainer } from "./a-container.ts";
import { recorded } from "./official-words.ts";
import { SAYINGS } from "./sayings.ts";

const inputs = Object.entries(officialInputs) as [keyof ContainerArgs, (typeof officialInputs)[keyof ContainerArgs]][];
const isOption = (name: string) => Object.keys(containerOptions({ [name]: 0 })).length > 0;

test("every input of the installed provider has its line, and nothing else", async () => {
  const file = createRequire(import.meta.url).resolve("@pulumi/docker/container.d.ts");
  const source = ts.createSourceFile(file, await readFile(file, "utf8"), ts.ScriptTarget.Latest, true);
  const args = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === "ContainerArgs");
  const names = (args as ts.InterfaceDeclaration).members.map((member) => member.name?.getText() ?? "");
  expect(names.length).toBeGreaterThan(60);
  expect(inputs.map(([name]) => name)).toEqual(names);
});

describe.each(inputs.filter(([, { options }]) => options.length > 0))(
  "%s can be said",
  (input, { options, waivers = [], as = input }) => {
    const sayings = Object.values(SAYINGS).filter(({ arrives }) => arrives.includes(as));

    test("by options that are there, and it arrives", () => {
      for (const option of options) expect(isOption(option), option).toBe(true);
      const before: Record<string, unknown> = { ...hardenedPosture("page", aContainer) };
      const changed = sayings.filter(({ say }) => {
        const after: Record<string, unknown> = { ...hardenedPosture("page", { ...aContainer, ...say }) };
        return JSON.stringify(after[as]) !== JSON.stringify(before[as]);
      });
      expect(changed.length, `sayings of ${input}`).toBeGreaterThan(0);
    });

    test("with the waivers of the table, each of which a saying needs", () => {
      const all = Object.values(SAYINGS).filter(({ say }) => options.some((option) => Object.hasOwn(say, option)));
      const needed = new Set(all.flatMap((saying) => saying.waivers ?? []));
      expect(waivers.filter((id) => id !== "agent.runtime" && !needed.has(id))).toEqual([]);
    });
  },
);

describe.each(inputs.filter(([name]) => !isOption(name)))("%s is no option", (input, { instead }) => {
  test("and is refused by its name, with what to say instead", () => {
    expect(instead).toBeDefined();
    const given = { ...aContainer, [input]: "x" };
    expect(containerProblems("page", given)).toEqual([
      { property: `page.${input}`, found: "an unknown option", expected: instead },
    ]);
  });
});

test("a waiver says what an input cannot: capabilities and a writable root", () => {
  const waivers = recorded(["container.capabilities", "container.read-only-root"], ["CHOWN"]);
  const said = { ...aContainer, waivers };
  expect(containerProblems("page", said)).toEqual([]);
  expect(hardenedPosture("page", said)).toMatchObject({
    readOnly: false,
    capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN"] },
  });
});

describe("an option that is misspelt", () => {
  test.each([
    ["workingdir", "workingDir"],
    ["working_dir", "workingDir"],
    ["shm_size", "shmSize"],
    ["enviroment", "environment"],
    ["network", "networks"],
    ["Memory", "memory"],
    ["stop_signal", "stopSignal"],
    ["jobs", "job"],
  ])("%s: did you mean %s?", (given, meant) => {
    const [problem, ...more] = containerProblems("page", { ...aContainer, [given]: 1 });
    expect(more).toEqual([]);
    expect(problem?.expected).toContain(`did you mean ${meant}?`);
  });

  test("below an option as well", () => {
    const given = { ...aContainer, health: { test: ["CMD", "true"], intervall: 5 } } as unknown as JoinedContainer;
    expect(containerProblems("page", given)).toEqual([
      {
        property: "page.health.intervall",
        found: "an unknown option",
        expected: "an option of it; did you mean interval?",
      },
    ]);
  });

  test("what is like none is told all of them", () => {
    const given = { ...aContainer, zzzzzzzzzz: 1 };
    expect(containerProblems("page", given)[0]?.expected).toMatch(/^one of agent, aliases, .*, writable$/);
  });
});
