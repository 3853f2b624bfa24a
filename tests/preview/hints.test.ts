import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { planAzure } from "#components/azure/plan-azure.ts";
import { lostMachine } from "#components/host/reach-machine.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import type { Problem } from "#components/lib/problems.ts";
import { hostSettingProblems, planHost } from "#components/machine/plan-host.ts";
import { fitLimits } from "#components/machine/scale.ts";
import { missingServices, switchProblems, withoutServices } from "#components/machine/present-services.ts";
import { otherMachineProblems, withOtherMachines } from "#components/machine/other-machines.ts";
import { define } from "#components/wiring/blueprint.ts";
import { offer, otherMachine, remote } from "#components/wiring/other-machine.ts";
import { userProblems } from "#components/machine/user-problems.ts";
import { settingProblems } from "#components/network/setting-problems.ts";
import { external } from "#components/secrets/secret.ts";
import { secretProblems } from "#components/secrets/secret-problems.ts";
import { frontProblems } from "#components/services/web-front/problems.ts";
import { frontSettings } from "#components/services/web-front/settings.ts";
import { readPart } from "#components/settings/part.ts";
import { onStack } from "#components/lib/config-command.ts";
import { parseSettings } from "#stacks/settings.ts";
import type { Settings } from "#components/settings/settings.ts";
import { azureWeb } from "#stacks/azure-web.ts";
import { stacks } from "#stacks/machines.ts";
import { office as officeMachine } from "#stacks/office.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import {
  asPulumiGives,
  CERTIFICATE,
  changed,
  KNOWN_TO_THE_OPERATOR,
  MISTYPED,
  MISTYPED_AGAIN,
  office,
  web,
} from "../support/mistyped-settings.ts";
import type { Given } from "../support/mistyped-settings.ts";
import { aClient, facts, wired } from "../support/wired.ts";

// Every command that a report about settings tells to type is typed, in a shell and on a copy of the settings: what it
// was told for is gone afterwards, and nothing else has changed.

type Judge = (given: Given) => readonly Problem[];
type Changed = readonly [base: Given, path: readonly (string | number)[], value: unknown, judge?: Judge];

let engine: TestEngine;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
  await writeFile(join(engine.project, "ca.pem"), CERTIFICATE);
});

afterAll(() => engine.dispose());

function refused(judge: () => unknown): readonly Problem[] {
  try {
    judge();
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.filter(({ fix }) => fix !== undefined);
    throw error;
  }
  return [];
}

const parsed = (given: Given): Settings => parseSettings(asPulumiGives(given), "test");
const asSettings: Judge = (given) => refused(() => parsed(given));
const asAddresses: Judge = (given) => settingProblems(parsed(given));
/** A machine whose one service asks another machine, and is offered to one. */
const asRelations: Judge = (given) => {
  const settings = { ...parsed(given), lab: false };
  const models = otherMachine("models", { owner: "platform", expires: "2027-06-30" });
  const client = aClient("client", { models: { to: remote(models, "openai", 8000), why: "it asks" } });
  const asked = define("asked", { uses: {}, serves: { speaks: "test", port: 8080 }, facts: () => facts() });
  const own = wired([client, asked], [], [offer(asked, models, "it asks back")]);
  const { flows } = withOtherMachines(own, settings);
  const context = { settings, networks: [], flows, allowed: [] };
  const problems = [
    ...otherMachineProblems(own, settings),
    ...(own.wiring?.problems(context, new Set(["client"])) ?? []),
  ];
  return problems.filter(({ fix }) => fix !== undefined);
};
/** The web machine without what its settings switch off. */
const asSwitches: Judge = (given) => {
  const settings = parsed(given);
  const off = missingServices(azureWeb, { images: {} }, { ...settings, lab: true });
  const { services, flows, allowed } = withoutServices(azureWeb, off);
  const context = { settings, networks: [], flows, allowed };
  const present = new Set(services.map(({ name }) => name));
  const problems = [...switchProblems(azureWeb, settings), ...(azureWeb.wiring?.problems(context, present) ?? [])];
  return problems.filter(({ fix }) => fix?.includes("services") === true);
};
const asMemory: Judge = (given) => fitLimits([{ ...MEMORY, name: "a" }], parsed(given).resources).problems;
const MEMORY = { memory: 100_000, memoryFloor: 1, cpus: 1 };

const machineOf = (settings: Settings) => {
  if (settings.host === undefined) throw new Error("no machine of its own");
  return planHost({ settings: { ...settings, host: settings.host } });
};
const asMachine: Judge = (given) => {
  const settings = parsed(given);
  return hostSettingProblems(machineOf(settings), settings.docker);
};
const asUsers: Judge = (given) => userProblems(officeMachine.services, machineOf(parsed(given)));
const asAzure: Judge = (given) => {
  const settings = parsed(given);
  const { azure } = settings;
  const { place } = stacks["azure-web"];
  if (azure === undefined || place === undefined) throw new Error("not in Azure");
  return refused(() => planAzure({ place, settings: { ...settings, azure }, host: machineOf(settings) }));
};
const asFront: Judge = (given) => frontProblems("front", readPart(parsed(given), frontSettings("front")), []);
const asSecrets: Judge = (given) => {
  const key = given.anthropicApiKey;
  const kept = new Map(key === undefined ? [] : [["anthropicApiKey", typeof key === "string" ? "plain" : "secret"]]);
  const problems = secretProblems(
    [external("anthropic-api-key", "for a test")],
    [],
    { ...parsed(given), lab: false },
    kept as ReadonlyMap<string, "plain" | "secret">,
  );
  return problems.filter(({ fix }) => fix !== undefined);
};

/** Without a name in a certificate: who says whom it asks before settings are known cannot have one. */
const offering = changed(changed(office, ["publish", "address"], "10.66.0.9"), ["machines"], {
  models: { address: "10.66.2.4" },
});
const withoutSecrets = changed(office, ["secrets"], {});
const PLANNED: readonly Changed[] = [
  [office, ["network"], "192.168.0.0/16", asAddresses],
  [office, ["network"], "172.17.0.0/16", asAddresses],
  [office, ["lan", 0], "172.16.0.0/12", asAddresses],
  [office, ["lan"], ["192.168.1.0/24", "127.0.0.0/8"], asAddresses],
  [office, ["resolvers"], ["127.0.0.53", "172.17.0.1"], asAddresses],
  [office, ["publish", "address"], "8.8.8.8", asAddresses],
  [office, ["publish", "address"], "10.77.0.1", asAddresses],
  [offering, ["machines", "models", "address"], "10.77.3.4", asRelations],
  [offering, ["machines"], {}, asRelations],
  [offering, ["publish", "address"], "127.0.0.1", asRelations],
  [web, ["services"], { "egress-proxy": "off", flowise: "off" }, asSwitches],
  [web, ["services"], { "govgpt-api": "off" }, asSwitches],
  [web, ["services"], { "govgpt-mongodb": "off", authelia: "off" }, asSwitches],
  [web, ["services"], { flowize: "off", "wazuh-manager": "off" }, asSwitches],
  [office, ["resources", "memoryMiB"], 16_384, asMemory],
  [office, ["host", "operatorsFrom"], ["0.0.0.0/1", "128.0.0.0/1"], asMachine],
  [office, ["host", "deployer", "uid"], 1000, asUsers],
  [office, ["host", "operators", "alice", "uid"], 1000, asUsers],
  [web, ["azure", "webFrom"], [], asAzure],
  [web, ["resources"], { memoryMiB: 65_536, cpus: 64 }, asAzure],
  [web, ["front", "countryDatabase"], undefined, asFront],
  [withoutSecrets, ["anthropicApiKey"], undefined, asSecrets],
  [withoutSecrets, ["anthropicApiKey"], "in plain text", asSecrets],
  [{ ...office, anthropicApiKey: { secure: "x" } }, ["secrets", "gateway-token"], { generation: 1 }, asSecrets],
];

test("what every report tells to type can be typed, mends it, and changes nothing else", async () => {
  const cases: readonly Changed[] = [...MISTYPED, ...MISTYPED_AGAIN, ...PLANNED];
  const told = await inPairs(cases.map((one, index) => () => typed(one, index)));
  expect(told.flat()).toEqual([]);
}, 900_000);

test("what is told of a machine that does not answer sets what it says", async () => {
  const docker = { host: "ssh://garrison@nuc.example", hostKey: "x", cgroupDriver: "systemd" } as const;
  const cases = [
    ["Could not resolve hostname nuc: Name or service not known", "host"],
    ["Host key verification failed.", "hostKey"],
  ] as const;
  for (const [said, setting] of cases) {
    const file = await settingsFile(`lost-${setting}`, changed(office, ["docker", setting], "wrong"));
    expect(await type(lostMachine({ docker, said }).fix ?? "", file)).toBe("");
    expect(asSettings(await read(file))).toEqual([]);
  }
}, 900_000);

/** @returns what was wrong with it, told by the case */
async function typed([base, path, value, judge = asSettings]: Changed, index: number): Promise<string[]> {
  const given = changed(base, path, value);
  const name = `${path.join(".")} ${JSON.stringify(value)}`;
  const problems = judge(given);
  if (problems.length === 0) return [`${name}: no problem`];
  const file = await settingsFile(String(index), given);
  const typedFixes: string[] = [];
  const errors: string[] = [];
  // What was not there to be judged before may be missed now, and is told then.
  for (let told = problems, round = 0; told.length > 0 && round < 2; told = judge(await read(file)), round++) {
    for (const fix of new Set(told.map((problem) => problem.fix ?? ""))) {
      typedFixes.push(fix);
      errors.push(await type(fix, file));
    }
  }
  const after = await read(file);
  const left = judge(after).map(({ property, found }) => `${property}: ${found}`);
  return [...errors.filter((error) => error !== ""), ...left, ...changedBeside(base, after, path, typedFixes)].map(
    (wrong) => `${name}: after ${typedFixes.join("; ")}: ${wrong}`,
  );
}

/** Settings that no command was about, and the right one beside a flat key. */
function changedBeside(base: Given, after: Given, [first = ""]: Changed[1], fixes: readonly string[]): string[] {
  const flat = String(first).includes(".");
  const about = new Set(flat ? [] : [...fixes.join(" ").matchAll(/garrison:(\w+)/g)].map(([, key = ""]) => key));
  const [before, now] = [asPulumiGives(base), asPulumiGives(after)];
  return Object.keys(base)
    .filter((key) => key !== first && !about.has(key) && before[`garrison:${key}`] !== now[`garrison:${key}`])
    .map((key) => `${key} was changed`);
}

async function settingsFile(name: string, given: Given): Promise<string> {
  const file = join(engine.project, `case-${name}.yaml`);
  const config = Object.fromEntries(Object.entries(given).map(([key, value]) => [`garrison:${key}`, value]));
  await writeFile(file, stringify({ config }, { version: "1.1" }));
  return file;
}

async function read(file: string): Promise<Given> {
  const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice("garrison:".length), value]));
}

/** Types it as it stands, with a value where only the operator knows one. @returns what went wrong */
async function type(fix: string, file: string): Promise<string> {
  const known = Object.entries(KNOWN_TO_THE_OPERATOR).reduce((text, [what, is]) => text.replaceAll(what, is), fix);
  const { exitCode, all } = await execa("sh", ["-ec", onStack(known, engine.stack)], {
    cwd: engine.project,
    env: { ...engine.environment, PULUMI_OPTION_CONFIG_FILE: file },
    extendEnv: false,
    all: true,
    reject: false,
    // What a secret is asked for.
    input: "a value",
  });
  return exitCode === 0 ? "" : `${known}: ${all}`;
}

/** Two at a time: each starts a program, and writes a file of its own. */
async function inPairs<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const done: T[] = [];
  const one = async (offset: number) => {
    for (let index = offset; index < work.length; index += 2) {
      const next = work[index];
      if (next !== undefined) done.push(await next());
    }
  };
  await Promise.all([one(0), one(1)]);
  return done;
}
