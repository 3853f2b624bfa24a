import { afterAll, beforeAll, expect, test } from "vitest";
import { openSecrets, sealSecrets } from "#helpers/pulumi/values.ts";
import type { Properties } from "#helpers/pulumi/values.ts";
import { testPrefix } from "../support/docker.ts";
import { answerOf, compareCheck, compareDiffs, startBoth } from "../support/official/ask-both.ts";
import type { Both, Refusal } from "../support/official/ask-both.ts";
import { Comparison } from "../support/official/comparison.ts";
import { estateInputs } from "../support/official/estate-inputs.ts";
import type { EstateResource } from "../support/official/estate-inputs.ts";
import { knownDifferences } from "./known-differences.ts";

let both: Both;
let commands: EstateResource[];

beforeAll(async () => {
  commands = (await estateInputs(testPrefix())).filter(({ type }) => type.startsWith("command:"));
  both = await startBoth("command");
});

afterAll(() => both.end());

test("the command plugins agree on every command of the estate", async () => {
  const comparison = new Comparison();
  for (const command of commands) await compareCommand(comparison, command);
  console.log([comparison.counts(), ...comparison.differences()].join("\n"));
  expect(comparison.problems(knownDifferences)).toEqual([]);
});

test("a command that prints its secret and fails shows it, with both", async () => {
  const subject = { type: "command:local:Command", name: "leak" };
  const inputs = sealSecrets({ create: "cat; exit 3", stdin: "a-secret-word", logging: "none" }, [["stdin"]]);
  for (const plugin of [both.official, both.lab]) {
    const checked = await plugin.check(subject, inputs);
    await expect(plugin.create(subject, checked.inputs)).rejects.toThrow(/cat; exit 3"?:?\na-secret-word/);
  }
});

/** What it runs would change this host: for Create it runs something that only speaks. */
async function compareCommand(comparison: Comparison, command: EstateResource): Promise<void> {
  const inputs = harmless(command.inputs);
  await compareCheck(comparison, both, command, command.inputs);
  const checked = {
    official: (await both.official.check(command, inputs)).inputs,
    lab: (await both.lab.check(command, inputs)).inputs,
  };
  const [planned, plannedByLab] = await Promise.all([
    answerOf(both.official.create(command, checked.official, { preview: true })),
    answerOf(both.lab.create(command, checked.lab, { preview: true })),
  ]);
  comparison.compare(command, "Preview", outputsOf(planned), outputsOf(plannedByLab));
  const made = {
    official: { ...(await both.official.create(command, checked.official)), inputs: checked.official },
    lab: { ...(await both.lab.create(command, checked.lab)), inputs: checked.lab },
  };
  comparison.compare(command, "Create", made.official.outputs, made.lab.outputs);
  comparison.compare(command, "Create", secretsOf(made.official.outputs), secretsOf(made.lab.outputs));
  const [read, readByLab] = [await both.official.read(command, made.official), await both.lab.read(command, made.lab)];
  comparison.compare(command, "Read", read?.outputs, readByLab?.outputs);
  await compareDiffs(comparison, both, command, made, inputs);
}

function harmless(inputs: Properties): Properties {
  const { create, delete: remove, ...others } = inputs;
  const speaking = "cat >/dev/null; echo said; echo complained >&2";
  return { ...others, ...(create !== undefined && { create: speaking }), ...(remove !== undefined && { delete: ":" }) };
}

/** Which outputs are secret: the comparison opens them. */
function secretsOf(outputs: Properties): unknown {
  return Object.fromEntries(openSecrets(outputs).secrets.map(([name]) => [`${String(name)} is secret`, true]));
}

function outputsOf(answer: { outputs: Properties } | Refusal): unknown {
  return "outputs" in answer ? answer.outputs : answer;
}
