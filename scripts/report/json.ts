import { z } from "zod";
import { KINDS, SECTIONS, SIGNS, sectionOf } from "./change.ts";
import type { Kind } from "./change.ts";
import { GATES } from "./gates.ts";
import type { GateName } from "./gates.ts";
import type { Report } from "./report.ts";
import { inTerminal, seen } from "./show/escape.ts";

const VERSION = 1;

const kinds = Object.keys(KINDS) as [Kind, ...Kind[]];
const gates = Object.keys(GATES) as [GateName, ...GateName[]];

/** What `npm run report -- --json` prints. A field that goes or changes its meaning raises `version`. */
export const reportSchema = z.strictObject({
  version: z.literal(VERSION),
  name: z.string().describe("The estate, as in the comment's hidden marker."),
  before: z.string(),
  after: z.string(),
  source: z
    .enum(["plan", "preview"])
    .describe("Whether a Garrison checkout was planned, or two previews were compared."),
  verdict: z.string().describe("One line, for people."),
  labels: z.array(z.string()).describe("`no-reach-change` where nothing in reach, data and waivers changed."),
  shut: z.array(z.enum(gates)).describe("The gates of `--fail-on` that it does not get through."),
  changes: z.array(
    z.strictObject({
      section: z.enum(SECTIONS),
      kind: z.enum(kinds),
      sign: z.enum(SIGNS),
      from: z.string().describe("Who begins, holds or is made anew."),
      to: z.string().optional().describe("The other end of an edge."),
      public: z.boolean().describe("Whether it is open to the whole internet."),
      text: z.string().describe("The line of the report, without marks."),
    }),
  ),
  counts: z.array(z.strictObject({ type: z.string(), before: z.number(), after: z.number() })),
  total: z.strictObject({ before: z.number(), after: z.number() }),
});

/** The schema in the words of JSON Schema, for programs that read the report. */
export function reportJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), undefined, 2)}\n`;
}

/** The report for programs: every line, without secrets and without what a terminal would obey. */
export function inJson(report: Report, shut: readonly GateName[]): string {
  const { changes, counts, ...rest } = report;
  const all: z.infer<typeof reportSchema> = {
    version: VERSION,
    ...rest,
    labels: [...rest.labels],
    shut: [...shut],
    changes: changes.map(({ kind, sign, from, to, public: wide = false, phrase }) => ({
      ...{ section: sectionOf({ kind }), kind, sign, from: seen(from), public: wide, text: inTerminal(phrase) },
      ...(to !== undefined && { to: seen(to) }),
    })),
    counts: counts.map((one) => ({ ...one })),
  };
  return JSON.stringify(all, undefined, 2);
}
