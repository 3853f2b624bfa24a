import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ProblemsError } from "#components/lib/problems.ts";
import type { Problem } from "#components/lib/problems.ts";
import { configPath, onStack, removeCommand, setCommand } from "#components/lib/config-command.ts";
import { parseSettings, settingsSchema } from "#stacks/settings.ts";
import { schemaAt, shapeOf, wordsOf } from "#components/settings/words.ts";
import { asPulumiGives, changed, MISTYPED, MISTYPED_AGAIN, office, web } from "#tests/support/mistyped-settings.ts";
import type { Given } from "#tests/support/mistyped-settings.ts";

type Path = readonly (string | number)[];

function problems(settings: Given): readonly Problem[] {
  try {
    parseSettings(asPulumiGives(settings), "test");
  } catch (error) {
    // Anything else would be a crash with a stack trace.
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
  return [];
}

/** Every path of the settings below a value, the value's own first. */
function paths(value: unknown, path: Path = []): Path[] {
  const below = Array.isArray(value)
    ? value.flatMap((one, index) => paths(one, [...path, index]))
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, one]) => paths(one, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  "",
  " ",
  "x y\nz",
  "$(reboot)",
  "'",
  "\u0000",
  "é".repeat(2000),
  [],
  [null],
  [["x"]],
  {},
  { "a.b": { c: [1] } },
];
/** What the library says, or would. */
const LIBRARY =
  /invalid|received|expected (string|number|array|object|boolean|record|int)\b|regex|zod|too (small|big)|undefined|must match/i;

describe("every setting, mistyped in every way", () => {
  const bases = [office, web];
  const all = bases.flatMap((base) => paths(base).map((path) => ({ base, path })));

  test("the two examples are in order, and have every setting between them", () => {
    expect(bases.flatMap(problems)).toEqual([]);
    const leaves = (schema: z.core.$ZodType, path: Path): Path[] => {
      const shape = shapeOf(schema);
      if (shape.kind !== "mapping") return [path];
      return Object.entries(shape.fields).flatMap(([key, field]) => leaves(field, [...path, key]));
    };
    const given = new Set(all.map(({ path }) => path.join(".")));
    expect(leaves(settingsSchema, []).filter((path) => !given.has(path.join(".")))).toEqual([]);
  });

  test.each(all)("$path: one report in our words, with a command", ({ base, path }) => {
    for (const wrong of WRONG) {
      for (const { property, found, expected, fix = "" } of problems(changed(base, path, wrong))) {
        const told = `${property}: found ${found}; expected ${expected}; ${fix}`;
        expect(`${found} ${expected}`, told).not.toMatch(LIBRARY);
        expect(found.length, told).toBeLessThan(200);
        expect(`${found}${expected}${fix}`, told).not.toMatch(/[\n\0]/);
        expect(expected.length, told).toBeGreaterThan(8);
        expect(fix, told).toMatch(/^pulumi config (set|rm) /);
      }
    }
  });

  test("one that is not there is told, or has a default", () => {
    for (const { base, path } of all) {
      for (const { expected } of problems(changed(base, path, undefined))) expect(expected).not.toMatch(LIBRARY);
    }
  });
});

test.each(MISTYPED)("%# is one report: %j %j", (base, path, value) => {
  const told = problems(changed(base, path, value));
  expect(told.length).toBeGreaterThan(0);
  for (const { expected, fix } of told) {
    expect(expected).not.toMatch(LIBRARY);
    expect(fix).toMatch(/^pulumi config (set|rm) /);
  }
});

test.each(MISTYPED_AGAIN)(
  "%# is one line with its property, its value, what is expected and what to type: %j %j",
  (base, path, value) => {
    const told = problems(changed(base, path, value));
    expect(told.map(({ property }) => property)).toEqual([expect.stringContaining(String(path[0]))]);
    for (const { found, expected, fix } of told) {
      expect(found.length).toBeGreaterThan(0);
      expect(`${found} ${expected}`).not.toMatch(LIBRARY);
      expect(expected.length).toBeGreaterThan(8);
      expect(fix).toMatch(/^pulumi config (set|rm) /);
    }
  },
);

test("a format is told in words, with an example", () => {
  const [resolver] = problems(changed(office, ["resolvers", 0], "dns.quad9.net"));
  expect(resolver).toEqual({
    property: "garrison:resolvers.0",
    found: '"dns.quad9.net"',
    expected: "an IPv4 address such as 9.9.9.9",
    fix: "pulumi config set --path 'garrison:resolvers[0]' 9.9.9.9",
  });
  const [date] = problems(changed(office, ["secrets", "gateway-token", "rotated"], "30.11.2026"));
  expect(date?.expected).toBe("a date such as 2026-11-30");
});

test("a key with dots at the top is taken out as one, and the right setting beside it stays", () => {
  const [flat] = problems(changed(office, ["docker.host"], "ssh://a@b"));
  expect(flat?.fix).toBe("pulumi config rm garrison:docker.host");
  expect(flat?.expected).toBe("host below garrison:docker, not a name with dots");
});

test("a date without quotes, of which Pulumi makes a time, is that day", () => {
  for (const rotated of ["2026-11-30", "2026-11-30T00:00:00Z", "2026-11-30 00:00:00 +0000 UTC"])
    expect(problems(changed(office, ["secrets", "gateway-token", "rotated"], rotated))).toEqual([]);
});

test("a private key in the wrong place is not repeated", () => {
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END OPENSSH PRIVATE KEY-----";
  const told = problems(changed(office, ["host", "deployer", "keys", 0], key));
  expect(JSON.stringify(told)).not.toContain("b3BlbnNz");
  expect(told[0]?.found).toBe("a private key");
});

describe("a command", () => {
  test.each<[Path, string]>([
    [["network"], "garrison:network"],
    [["telegram", "operators", 0], "garrison:telegram.operators[0]"],
    [["host", "operators", "al.ice", "keys", 1], 'garrison:host.operators["al.ice"].keys[1]'],
    [["docker", 'a"b'], 'garrison:docker["a\\"b"]'],
    [["secrets", "0"], 'garrison:secrets["0"]'],
    [["docker", ""], 'garrison:docker[""]'],
    [["we.ird", "x"], 'garrison:["we.ird"].x'],
  ])("writes the path %j as Pulumi reads it", (path, text) => {
    expect(configPath(path)).toBe(text);
  });

  test("quotes for a shell what a shell would take for its own, and nothing else", () => {
    expect(setCommand(["telegram", "operators", 0], "5", "int")).toBe(
      "pulumi config set --path 'garrison:telegram.operators[0]' 5 --type int",
    );
    expect(setCommand(["docker", "host"], "$(it's)")).toBe(
      `pulumi config set --path garrison:docker.host '$(it'\\''s)'`,
    );
    expect(removeCommand(["docker", "a b"])).toBe(`pulumi config rm --path 'garrison:docker["a b"]'`);
    expect(removeCommand(["a b"])).toBe("pulumi config rm 'garrison:a b'");
  });

  test("names the stack, each one of several, and leaves other programs alone", () => {
    const two = `${removeCommand(["lan"])} && ${setCommand(["lan", 0], "10.0.0.0/8")}`;
    expect(onStack(two, "gpu")).toBe(
      "pulumi config rm --path garrison:lan --stack gpu && pulumi config set --path 'garrison:lan[0]' 10.0.0.0/8 --stack gpu",
    );
    expect(onStack("npm run images -- lock x", "gpu")).toBe("npm run images -- lock x");
  });
});

test("every leaf has words, and an example that is right or that nobody could take for right", () => {
  const walk = (schema: z.core.$ZodType, path: Path): void => {
    const shape = shapeOf(schema);
    if (shape.kind === "mapping") for (const [key, field] of Object.entries(shape.fields)) walk(field, [...path, key]);
    else if (shape.kind === "list") walk(shape.element, [...path, 0]);
    else if (shape.kind === "names") walk(shape.value, [...path, wordsOf(shape.key).example]);
    else {
      const { expected, example } = wordsOf(schema);
      expect(expected).not.toMatch(LIBRARY);
      const typed =
        shape.type === "string" ? example : (JSON.parse(/^[<]/.test(example) ? "null" : example) as unknown);
      const right = (schemaAt(settingsSchema, path) as z.ZodType | undefined)?.safeParse(typed).success;
      expect(right, `${path.join(".")} ${example}`).toBe(!example.includes("<"));
    }
  };
  walk(settingsSchema, []);
});
