import { describe, expect, test } from "vitest";

import { commandRules } from "#policies/rules/command/catalogue.ts";
import { findings } from "#tests/unit/policies/support.ts";
import { ofContainers } from "./commands/containers.ts";
import { ofDownloads } from "./commands/downloads.ts";
import { harmlessContainers } from "./commands/harmless-containers.ts";
import { harmlessDownloads } from "./commands/harmless-downloads.ts";
import { harmlessHosts } from "./commands/harmless-hosts.ts";
import { ofHosts } from "./commands/hosts.ts";

const dangerous: Readonly<Record<string, readonly string[]>> = { ...ofContainers, ...ofHosts, ...ofDownloads };
const harmless = [...harmlessContainers, ...harmlessDownloads, ...harmlessHosts];

const command = (create: string) => [{ type: "command:local:Command", name: "x", properties: { create } }];

describe.each(Object.keys(dangerous))("command.%s", (name) => {
  const rule = commandRules.find(({ id }) => id === `command.${name}`);

  test("finds every one of its commands", () => {
    if (rule === undefined) throw new Error(`no rule command.${name}`);
    const missed = dangerous[name]?.filter((text) => findings(rule, command(text)).length === 0);
    expect(missed).toEqual([]);
  });
});

test("nothing is found in what does no harm", () => {
  const found = harmless.flatMap((text) =>
    commandRules.flatMap((rule) => findings(rule, command(text)).map((one) => `${text} (${rule.id}: ${one})`)),
  );
  expect(found).toEqual([]);
});

test("what is started from a file is said once for a command", () => {
  const unseen = commandRules.filter(({ id }) => id === "command.unseen");
  const text = "docker compose up -d; docker stack deploy -c x.yaml a; helm install a b";
  expect(unseen.flatMap((rule) => findings(rule, command(text)))).toEqual([
    "create: docker compose up, docker stack deploy, helm install, whose containers were not judged",
  ]);
});
