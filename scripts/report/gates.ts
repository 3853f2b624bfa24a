import { closest } from "fastest-levenshtein";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { KINDS, counts } from "./change.ts";
import type { Change, Kind } from "./change.ts";

interface Gate {
  readonly summary: string;
  readonly shuts: (change: Change) => boolean;
}

const grows = ({ sign }: Change): boolean => sign === "new" || sign === "changed";
const of =
  (...kinds: readonly Kind[]) =>
  (change: Change): boolean =>
    grows(change) && kinds.includes(change.kind);

/** What `--fail-on` takes. */
export const GATES = {
  internet: {
    summary: "a new path or a new name on the internet",
    shuts: (change) => grows(change) && change.to === "internet" && KINDS[change.kind] === "reach",
  },
  metadata: { summary: "a new way to the metadata service", shuts: of("link-local") },
  public: {
    summary: "a new opening to the whole internet",
    shuts: (change) => grows(change) && change.public === true,
  },
  credentials: { summary: "a key in new hands", shuts: of("credential") },
  powers: { summary: "a new power over the machine", shuts: of("power") },
  reach: {
    summary: "anything new in reach",
    shuts: (change) => grows(change) && KINDS[change.kind] === "reach",
  },
  data: {
    summary: "a volume or disk that is new, gone or another's",
    shuts: ({ kind }) => kind === "mount" || kind === "store",
  },
  waivers: {
    summary: "a waiver that is new, changed or past its day",
    shuts: ({ kind, sign }) => kind === "waiver" && sign !== "lost",
  },
  findings: { summary: "a new finding of the policies", shuts: of("finding") },
  change: { summary: "any change of reach, data or waivers", shuts: counts },
} as const satisfies Readonly<Record<string, Gate>>;

export type GateName = keyof typeof GATES;

/** Reads `--fail-on internet,data`. @throws {ProblemReport} naming everything that is no gate */
export function readGates(given: readonly string[]): GateName[] {
  const names = given.flatMap((one) => one.split(",")).map((one) => one.trim());
  const known = Object.keys(GATES);
  const wrong = names.filter((name) => !Object.hasOwn(GATES, name));
  if (wrong.length === 0) return [...new Set(names)] as GateName[];
  throw new ProblemReport(
    "npm run report was given a gate that there is not",
    wrong.map((name) => ({
      property: "--fail-on",
      found: name === "" ? "nothing" : name,
      expected: known.join(", "),
      fix: `npm run report -- --base HEAD~1 --fail-on ${name === "" ? "internet" : closest(name, known)}`,
    })),
  );
}

/** The gates that these changes do not get through. */
export function shutGates(names: readonly GateName[], changes: readonly Change[]): GateName[] {
  return names.filter((name) => changes.some((change) => (GATES[name] as Gate).shuts(change)));
}
