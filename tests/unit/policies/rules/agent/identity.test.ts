import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/identity.ts";
import { fakeToken } from "#tests/unit/policies/fake-tokens.ts";
import { findings, run } from "#tests/unit/policies/support.ts";

const { agent, program } = scene("t");
const env = (text: string) => ({ envs: [text] });
const bind = (source: string) => ({ mounts: [{ type: "bind", source, target: "/x", readOnly: true }] });

test.each([
  ["the same token under one name", env("A_TOKEN=f00dcafe"), env("A_TOKEN=f00dcafe")],
  ["the same token under two names", env("A_TOKEN=f00dcafe"), env("B_SECRET=f00dcafe")],
  ["a token by its form", env(`NOTE=${fakeToken.huggingFace}`), env(`ELSE=${fakeToken.huggingFace}`)],
  ["the same file", bind("/srv/a.token"), bind("/srv/a.token")],
  ["a directory and a file in it", bind("/srv/credentials"), bind("/srv/credentials/a")],
])("finds %s", (_, first, second) => {
  const { verdicts } = run(rule, [agent(first, "one"), agent(second, "two")]);
  expect(verdicts.map(({ resource }) => resource?.name)).toEqual(["t-two"]);
  expect(JSON.stringify(verdicts.map(({ finding }) => finding))).not.toContain("f00dcafe");
});

test("finds a shared value that the program marks as secret", () => {
  const marked = (short: string) => ({ ...agent(env("MODE=x"), short), secrets: ["envs.0"] });
  expect(findings(rule, [marked("one"), marked("two")])).toHaveLength(1);
});

test.each([
  ["two tokens", agent(env("A_TOKEN=f00dcafe"), "one"), agent(env("A_TOKEN=cafef00d"), "two")],
  ["what is no secret", agent(env("LANG=C"), "one"), agent(env("LANG=C"), "two")],
  ["the same directory without keys", agent(bind("/srv/work"), "one"), agent(bind("/srv/work"), "two")],
  [
    "an agent and another program",
    agent(env("A_TOKEN=f00dcafe"), "one"),
    program("other", [], env("A_TOKEN=f00dcafe")),
  ],
])("accepts %s", (_, first, second) => {
  expect(findings(rule, [first, second])).toEqual([]);
});

test("two agents with different keys, and one agent with the same twice, are in order", () => {
  expect(findings(rule, [agent(bind("/srv/a.token"), "one"), agent(bind("/srv/b.token"), "two")])).toEqual([]);
  const [mount] = bind("/srv/a.token").mounts;
  expect(findings(rule, [agent({ mounts: [mount, mount] })])).toEqual([]);
});

test("every further holder is found, and the first one named", () => {
  const { verdicts } = run(
    rule,
    ["one", "two", "three"].map((short) => agent(bind("/srv/a.token"), short)),
  );
  expect(verdicts.map(({ resource, finding }) => [resource?.name, finding.found])).toEqual([
    ["t-three", '"/srv/a.token", which "t-one" has too'],
    ["t-two", '"/srv/a.token", which "t-one" has too'],
  ]);
});
