import { createHash } from "node:crypto";
import { textOf } from "#policies/lib/finding-text.ts";
import type { PolicyReport, ReportedFinding, ReportedRule } from "./policy-report.ts";

const LEVELS = { critical: "error", high: "error", medium: "warning", low: "note" } as const;

// Code scanning sorts by this number, as if it were a CVSS score.
const SCORES = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const;

/** The report as SARIF 2.1.0. A resource has no line in a file: its location is a logical one, its URN. */
export function sarifOf({ pack, judged, rules, notes }: PolicyReport): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: pack.name,
            ...(pack.version !== "" && { version: pack.version }),
            rules: rules.map(descriptorOf),
          },
        },
        properties: { judged },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notes.map((text) => ({ level: "note", message: { text } })),
          },
        ],
        results: rules.flatMap((rule, ruleIndex) => rule.findings.map((finding) => resultOf(rule, ruleIndex, finding))),
      },
    ],
  };
}

function descriptorOf({ id, title, why, fix, severity, level, references }: ReportedRule) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${title} ${why}` },
    help: { text: fix },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      severity,
      enforcement: level,
      "security-severity": SCORES[severity],
      tags: ["security", ...references],
    },
  };
}

function resultOf({ id, severity, level }: ReportedRule, ruleIndex: number, finding: ReportedFinding) {
  const { urn, resource, property, found } = finding;
  const fingerprint = createHash("sha256").update([id, urn, property, found].join("\0")).digest("hex");
  return {
    ruleId: id,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: textOf(finding) },
    locations: [{ logicalLocations: [{ name: resource, fullyQualifiedName: urn, kind: "resource" }] }],
    partialFingerprints: { "garrisonFinding/v1": fingerprint },
    properties: { property, enforcement: level },
  };
}
