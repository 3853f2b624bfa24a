import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { containerProblems } from "#components/container/container-problems.ts";
import type { JoinedContainer } from "#components/container/posture.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import type { Problem } from "#components/lib/problems.ts";
import { cleanContainer } from "#policies/lib/examples.ts";
import type { Example, ExampleResource } from "#policies/lib/rule.ts";
import { type } from "#policies/lib/types.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { containerRules } from "#policies/rules/container/catalogue.ts";
import { runAll } from "#tests/unit/policies/support.ts";
import { aContainer } from "./a-container.ts";
import { inOurWords, recorded, waiversAsked } from "./official-words.ts";
import { NAMED, SAYINGS } from "./sayings.ts";

/** Bad examples that nobody can say of a hardened container, and why. */
const INEXPRESSIBLE: Readonly<Record<string, string>> = {
  "container.capabilities: Docker's default set": "what is left out is dropped",
  "container.read-only-root: Left out": "what is left out is read-only",
  "container.no-new-privileges: No security options": "the option is always there",
  "container.limits: Swap on top: Docker allows twice the memory": "swap is always the memory",
  "container.restart: On failure, without end": "what is left out are 3 attempts",
  "container.limits: More than the configuration allows": "a ceiling of the pack's configuration",
  "container.registry: Docker's own registry, without a name": "registries of the pack's configuration",
  "container.registry: Another owner on the same registry": "registries of the pack's configuration",
  "container.registry: An id, which does not say where the image is from": "registries of the pack's configuration",
  "container.registry: A name that only begins the same": "registries of the pack's configuration",
  "container.registry: The registry's name as a user on another": "registries of the pack's configuration",
  "container.limits: A service without a process limit": "`pids` is required; another resource applies it",
  "container.limits: A process limit of zero": "`pids` is required; another resource applies it",
  "container.process-limit-advice: Any other program: one line, and no more": "`pids` is required",
  "container.cgroup-parent: A group of which the program shows no limit": "another resource prepares the group",
  "container.cgroup-parent: A group that nobody prepares": "another resource prepares the group",
};

/** Bad examples that no waiver allows. */
const NEVER = new Set(["container.capabilities: All added back: a label waives single ones only"]);

/** Good examples that the component refuses, and why. */
const STRICTER: Readonly<Record<string, string>> = {
  "container.user: Any uid, in a program of others": "a container of Garrison's is in an estate",
  "container.no-new-privileges: Switched off, then on": "never off",
  "container.mount-propagation: The default": "its writable bind is advice of container.host-path",
  "container.mount-propagation: Private": "it is the only propagation",
  "container.planted-files: A configuration": "no uploads",
  "container.planted-files: A program of its own": "no uploads",
  "container.logs: Over TLS": "a log stays on the machine",
  "container.limits: Cores of its own": "`cpus` is required",
  "container.tmpfs: Read-only": "what is not writable is read-only without it",
  "container.default-bridge: A network, and the mode that the provider fills in: it leaves the bridge before the start":
    "the mode is the provider's to fill in",
};

const ofOne = (kind: "bad" | "good") =>
  containerRules.flatMap(({ id, examples }) =>
    examples[kind]
      // Services of a swarm, volumes and images are resources of their own.
      .filter(({ resources }) => resources.some((resource) => resource.type === type.container))
      .map((example) => ({ id, name: `${id}: ${example.title}`, example })),
  );

function containerOf(resources: readonly ExampleResource[]): ExampleResource["properties"] {
  return resources.find((resource) => resource.type === type.container)?.properties ?? {};
}

/** What the component says to the container of an example, under waivers for some rules. */
function said({ resources }: Example, waivers: readonly string[]): Problem[] {
  const { needs, added, ...rest } = inOurWords(containerOf(resources));
  const options = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== "waived"));
  const given = {
    ...options,
    ...(waivers.length > 0 && { waivers: recorded(waivers, added as string[] | undefined) }),
  };
  const missing = typeof needs === "string" && !waivers.includes(needs) ? [asked(needs)] : [];
  return [...missing, ...containerProblems("example", given as unknown as JoinedContainer)];
}

/** The words for it are a waiver, and without it nothing was said. */
function asked(waiver: string): Problem {
  return { property: "example.waivers", found: "nothing", expected: `nothing, or a waiver ${waiver}` };
}

test("the clean container has nothing to answer for", () => {
  expect(said({ title: "", resources: [{ type: type.container, name: "x", properties: cleanContainer }] }, [])).toEqual(
    [],
  );
});

describe("what the pack finds on one container", () => {
  test.each(ofOne("bad").filter(({ name }) => !Object.hasOwn(INEXPRESSIBLE, name)))(
    "$name is refused, or needs a waiver of that rule",
    ({ id, name, example }) => {
      const problems = said(example, []);
      expect(problems).not.toEqual([]);
      const waivers = waiversAsked(problems);
      if (problems.some((problem) => waiversAsked([problem]).length === 0)) return;
      expect(waivers).toContain(id);
      expect(said(example, waivers).length > 0).toBe(NEVER.has(name));
    },
  );

  test.each(ofOne("bad").filter(({ name }) => Object.hasOwn(INEXPRESSIBLE, name)))(
    "$name cannot be said",
    ({ example }) => {
      expect(said(example, [])).toEqual([]);
    },
  );

  test("the list of what cannot be said names examples that are there", () => {
    const names = ofOne("bad").map(({ name }) => name);
    expect(Object.keys(INEXPRESSIBLE).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(ofOne("good"))("$name: what the pack accepts is accepted, or is a known exception", ({ name, example }) => {
    const { waived = [] } = inOurWords(containerOf(example.resources)) as { waived?: string[] };
    expect(said(example, waived).length > 0).toBe(Object.hasOwn(STRICTER, name));
  });
});

const PLAIN: JoinedContainer = {
  ...aContainer,
  containerName: "example",
  image: String(cleanContainer.image),
  networks: [{ name: "example-net" }],
};

/** A program of one hardened container, as the pack is handed it. */
function program(container: JoinedContainer): ExampleResource[] {
  const waivers = (container.waivers ?? []).map(({ id, reason, owner, expires }) => ({ id, reason, owner, expires }));
  const properties = { ...hardenedPosture("example", container) } as Record<string, unknown>;
  return [
    { type: type.network, name: "example-net", properties: { name: "example-net", internal: true } },
    { type: type.preparedHost, name: "host", properties: { cgroups: [{ cgroup: "batch.slice", pids: 64 }] } },
    { type: type.hardenedContainer, name: "hardened", properties: { waivers } },
    { type: type.container, name: "example", properties, parent: "hardened" },
    { type: type.pidLimits, name: "pids", properties: { limits: { example: 64 } } },
  ];
}

/** Rules on containers, and on whether their waivers are needed and recorded. */
const judges = rules.filter(({ id }) => id.startsWith("container.") || id.startsWith("waiver."));

function found(container: JoinedContainer): string[] {
  return runAll(judges, program(container)).verdicts.map(({ finding }) => `${finding.property}: ${finding.found}`);
}

describe("what the component accepts", () => {
  test.each(Object.entries(SAYINGS))(
    "%s: the pack finds nothing, and every waiver is needed",
    (_, { say, waivers = [] }) => {
      const { add, ...options } = say;
      const container = { ...PLAIN, ...options };
      expect(waiversAsked(containerProblems("example", container)).sort()).toEqual(
        waivers.filter((id) => !NAMED.includes(id)).sort(),
      );
      const waived = { ...container, waivers: recorded(waivers, add) };
      expect(containerProblems("example", waived)).toEqual([]);
      expect(found(waived)).toEqual([]);
    },
  );

  test("any of it together", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...Object.values(SAYINGS)), { maxLength: 5 }), (chosen) => {
        const { add, ...options } = Object.assign({}, ...chosen.map(({ say }) => say)) as Partial<JoinedContainer> & {
          add?: readonly string[];
        };
        const container = { ...PLAIN, ...options };
        const ids = [
          ...new Set([
            ...waiversAsked(containerProblems("example", container)),
            ...chosen.flatMap(({ waivers = [] }) => waivers.filter((id) => NAMED.includes(id))),
          ]),
        ];
        const waived = { ...container, waivers: recorded(ids, add) };
        fc.pre(containerProblems("example", waived).length === 0);
        expect(found(waived)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
