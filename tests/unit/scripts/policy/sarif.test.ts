import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import Ajv from "ajv";
import { expect, test } from "vitest";
import { policyReport } from "#scripts/policy/policy-report.ts";
import { sarifOf } from "#scripts/policy/sarif.ts";
import { finding, note, plainContainers, urn } from "./example.ts";

const require = createRequire(import.meta.url);
const json = (file: string) => JSON.parse(readFileSync(file, "utf8")) as object;

/** The standard's own schema, which is written in draft 4. */
function problemsOf(document: unknown): unknown {
  const packages = dirname(require.resolve("@microsoft/jest-sarif/package.json"));
  const ajv = new Ajv({ schemaId: "auto", allErrors: true });
  ajv.addMetaSchema(json(require.resolve("ajv/lib/refs/json-schema-draft-04.json")));
  const fits = ajv.compile(json(join(packages, "lib/schemas/sarif-2.1.0-rtm.5.json")));
  return fits(document) === true ? [] : fits.errors;
}

test("a report is valid SARIF 2.1.0", () => {
  const events = [finding("container.user", "web"), note("pack.waived", "Waived: container.user (db).")];
  for (const report of [
    plainContainers(15),
    policyReport("a preview", events, []),
    policyReport("state.json", [], []),
  ]) {
    expect(problemsOf(sarifOf(report))).toEqual([]);
  }
});

test("and what is not is found by the same check", () => {
  const broken = JSON.parse(
    JSON.stringify(sarifOf(plainContainers(1))).replace('"level":"error"', '"level":"grave"'),
  ) as object;
  expect(problemsOf(broken)).not.toEqual([]);
});

test("each finding is a result at its URN, by the index of its rule", () => {
  const report = plainContainers(2);
  const { runs } = sarifOf(report) as {
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        message: { text: string };
        partialFingerprints: Record<string, string>;
        locations: { logicalLocations: { fullyQualifiedName: string }[] }[];
      }[];
    }[];
  };
  const [{ tool, results } = { tool: { driver: { rules: [] } }, results: [] }] = runs;
  expect(results).toHaveLength(report.counts.findings);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  expect(results[0]?.locations[0]?.logicalLocations[0]?.fullyQualifiedName).toBe(urn("service-1"));
  expect(results[0]?.message.text).toBe("service-1: user is not set; expected a uid.");
  const fingerprints = results.map((one) => Object.values(one.partialFingerprints).join());
  expect(new Set(fingerprints).size).toBe(results.length);
});
