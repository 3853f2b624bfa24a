import { describe, expect, test } from "vitest";
import { z } from "zod";
import { settingsOf } from "#components/estate/stack-definition.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { readPart, settingsPart } from "#components/settings/part.ts";
import { parseSettings, settingsSchema } from "#components/settings/settings.ts";
import type { MachineSettings } from "#components/settings/settings.ts";
import { worded } from "#components/settings/words.ts";
import { define } from "#components/wiring/blueprint.ts";
import { machine } from "#components/wiring/machine-of.ts";
import { facts } from "#tests/support/wired.ts";

const names = z
  .array(worded(z.string(), "a word", "word"))
  .default([])
  .describe("Words.");
const sender = worded(z.string().min(1), "who sends", "<who>").default("nobody").describe("Who sends.");
const mail = settingsPart("mail", "How mail leaves.", { names }, { names: "at least one word" });
const letters = settingsPart("mail", "How mail leaves.", { sender });

/** Of an estate that nobody here knows. */
const attic: MachineSettings = { name: "attic", parts: [mail], secrets: ["mailKey"] };
const cellar: MachineSettings = { name: "a-deep-cellar", parts: [letters], secrets: [] };
const base = {
  "garrison:docker": '{"host":"unix:///var/run/docker.sock"}',
  "garrison:resources": '{"memoryMiB":8192,"cpus":4}',
};

function problems(config: Record<string, string>, stack: string, machines: readonly MachineSettings[]): string[] {
  try {
    parseSettings({ ...base, ...config }, stack, machines);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map(
      ({ property, found, expected, fix }) => `${property}: ${found}; ${expected}; ${fix ?? ""}`,
    );
  }
  return [];
}

describe("settings of an estate's own machines", () => {
  test("one machine is every stack, under its own name; of several, the stack's name says which", () => {
    const lab = { ...base, "garrison:lab": "true" };
    expect(parseSettings(lab, "dev", [attic])).toMatchObject({ machine: "attic", estate: "attic" });
    expect(parseSettings(lab, "attic", [attic, cellar])).toMatchObject({ machine: "attic" });
    expect(problems({}, "dev", [attic, cellar])).toEqual([
      "garrison:machine: nothing; one of attic, a-deep-cellar; pulumi config set --path garrison:machine attic",
      "garrison:estate: nothing; 2 to 8 lower-case letters and digits, a letter first; pulumi config set --path garrison:estate attic",
    ]);
  });

  test("a name that is too long for a prefix needs one", () => {
    expect(problems({}, "a-deep-cellar", [cellar])).toEqual([expect.stringMatching(/^garrison:estate: nothing; /)]);
    expect(parseSettings({ ...base, "garrison:estate": "cellar" }, "a-deep-cellar", [cellar]).estate).toBe("cellar");
  });

  test("what a kind needs is asked for outside the lab, where the kind is on the machine", () => {
    const needed =
      "garrison:mail.names: nothing; at least one word; pulumi config set --path 'garrison:mail.names[0]' word";
    expect(problems({}, "attic", [attic])).toEqual([needed]);
    expect(problems({ "garrison:mail": '{"names":[]}' }, "attic", [attic])).toEqual([needed]);
    expect(problems({ "garrison:lab": "true" }, "attic", [attic])).toEqual([]);
    expect(problems({ "garrison:estate": "cellar" }, "a-deep-cellar", [cellar])).toEqual([]);
  });

  test("a setting that no service of the machine reads is refused, and so is a field of another kind", () => {
    const quiet: MachineSettings = { name: "quiet", parts: [], secrets: [] };
    expect(problems({ "garrison:mail": '{"names":["a"]}' }, "quiet", [quiet, attic])).toEqual([
      "garrison:mail: a setting of attic; nothing: no service of quiet reads it; pulumi config rm --path garrison:mail",
    ]);
    expect(problems({ "garrison:mail": '{"names":["a"],"sender":"x"}' }, "attic", [attic, cellar])).toEqual([
      "garrison:mail.sender: an unknown setting; one of names; pulumi config rm --path garrison:mail.sender",
    ]);
    const [unknown] = problems({ "garrison:lab": "true", "garrison:mails": "x" }, "attic", [attic]);
    expect(unknown).toMatch(/^garrison:mails: an unknown setting; a setting; did you mean mail\?; pulumi config rm /);
    const [strange] = problems({ "garrison:lab": "true", "garrison:colour": "x" }, "attic", [attic]);
    expect(strange).toMatch(/^garrison:colour: an unknown setting; one of machine, .*, mail; pulumi config rm /);
  });

  test("secrets are left to whoever reads them", () => {
    const given = { "garrison:lab": "true", "garrison:mailKey": "a" };
    expect(problems(given, "attic", [attic])).toEqual([]);
    expect(problems({ ...given, "garrison:estate": "cellar" }, "c", [cellar])).toEqual([
      expect.stringMatching(/^garrison:mailKey: an unknown setting/),
    ]);
    const unread = {
      toString: () => {
        throw new Error("the secret was read");
      },
    } as unknown as string;
    expect(problems({ ...given, "garrison:mailKey": unread }, "attic", [attic])).toEqual([]);
  });

  test("a secret that no service of the machine reads is refused, without its value", () => {
    const given = { "garrison:lab": "true", "garrison:estate": "cellar", "garrison:mailKey": "hunter2" };
    expect(problems(given, "a-deep-cellar", [cellar, attic])).toEqual([
      "garrison:mailKey: a secret of attic; nothing: no service of a-deep-cellar reads it; pulumi config rm --path garrison:mailKey",
    ]);
    const alike: MachineSettings = { ...cellar, secrets: ["mailKey"] };
    expect(problems(given, "a-deep-cellar", [alike, attic])).toEqual([]);
  });

  test("parts of one name are one setting, of which each kind reads its own", () => {
    const both: MachineSettings = { name: "both", parts: [mail, letters], secrets: [] };
    const settings = parseSettings({ ...base, "garrison:mail": '{"names":["a"],"sender":"me"}' }, "both", [both]);
    expect(readPart(settings, mail)).toEqual({ names: ["a"] });
    expect(readPart(settings, letters)).toEqual({ sender: "me" });
    const other = settingsPart("mail", "How mail leaves.", { sender: z.string().default("x") });
    expect(() => settingsSchema([{ ...both, parts: [letters, other] }])).toThrow("two things by mail.sender");
    expect(() => settingsSchema([{ ...both, parts: [{ ...mail, name: "docker" }] }])).toThrow("every machine");
  });
});

describe("a kind's settings", () => {
  const post = define("post", {
    uses: {},
    settings: [letters],
    external: { "mail-key": "opens the mail" },
    facts: () => facts(),
    files: (self) => ({ "/etc/post/a": self.setting(letters).sender, "/etc/post/b": self.setting(mail).names.join() }),
  });
  const own = machine("post", { services: [post], numbers: "/no/such/file" });

  test("are the machine's, and so are the secrets that others issue", () => {
    expect(settingsOf({ machine: own })).toEqual({
      name: "post",
      estate: undefined,
      inAzure: false,
      parts: [{ ...letters, of: ["post"] }],
      secrets: ["mailKey"],
    });
    expect(own.secrets).toEqual([
      { name: "mail-key", why: "opens the mail", source: { type: "external", setting: "mailKey" } },
    ]);
  });

  test("what it reads it has to have said", () => {
    const context = {
      settings: parseSettings(base, "post", [settingsOf({ machine: own })]),
      networks: [],
      flows: [],
      allowed: [],
    };
    expect(() => own.services[0]?.files?.(context)).toThrow("post has no mail");
  });
});
