import { beforeAll, expect, test } from "vitest";
import { isProperties } from "#helpers/pulumi/values.ts";
import { testPrefix } from "../support/docker.ts";
import { compareCheck, compareDiffs, startBoth } from "../support/official/ask-both.ts";
import type { Both } from "../support/official/ask-both.ts";
import { Comparison } from "../support/official/comparison.ts";
import { estateInputs } from "../support/official/estate-inputs.ts";
import type { EstateResource } from "../support/official/estate-inputs.ts";
import { knownDifferences } from "./known-differences.ts";

let secrets: EstateResource[];

beforeAll(async () => {
  secrets = (await estateInputs(testPrefix())).filter(({ type }) => /^(random|tls):/.test(type));
});

test.each(["random", "tls"] as const)("the %s plugins agree on every secret of the estate", async (name) => {
  const both = await startBoth(name);
  try {
    const comparison = new Comparison();
    for (const secret of secrets.filter(({ type }) => type.startsWith(`${name}:`)))
      await compareSecret(comparison, both, secret);
    console.log(`${comparison.counts()}\n${comparison.differences().join("\n")}`);
    expect(comparison.problems(knownDifferences)).toEqual([]);
  } finally {
    await both.end();
  }
});

async function compareSecret(comparison: Comparison, both: Both, secret: EstateResource): Promise<void> {
  const checked = await compareCheck(comparison, both, secret, secret.inputs);
  const made = {
    official: { ...(await both.official.create(secret, checked.official)), inputs: checked.official },
    lab: { ...(await both.lab.create(secret, checked.lab)), inputs: checked.lab },
  };
  comparison.compare(secret, "Create", formOf(made.official.outputs), formOf(made.lab.outputs));
  const [official, lab] = [await both.official.read(secret, made.official), await both.lab.read(secret, made.lab)];
  comparison.compare(secret, "Read", formOf(official?.outputs), formOf(lab?.outputs));
  await compareDiffs(comparison, both, secret, made, secret.inputs);
}

/** A minted value is another one each time: its form is what has to be the same. */
function formOf(value: unknown): unknown {
  if (typeof value === "string") return formOfText(value);
  if (Array.isArray(value)) return value.map(formOf);
  if (!isProperties(value)) return value;
  // The marks of a secret stay.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, /^[0-9a-f]{32}$/.test(name) ? item : formOf(item)]),
  );
}

const forms: readonly (readonly [RegExp, string])[] = [
  [/^$/, "nothing"],
  [/^-----BEGIN ([A-Z ]+)-----/, "PEM"],
  [/^[0-9a-f]+$/, "hex"],
  [/^\$2[aby]\$\d+\$/, "bcrypt"],
  [/^[A-Za-z0-9]+$/, "letters and digits"],
];

function formOfText(text: string): string {
  const header = /^-----BEGIN ([A-Z ]+)-----/.exec(text)?.[1];
  if (header !== undefined) return header;
  const known = forms.find(([pattern]) => pattern.test(text))?.[1] ?? "text";
  // Long values are made; short ones are inputs and names.
  return text.length < 16 ? text : `${known}, ${String(text.length)} characters`;
}
