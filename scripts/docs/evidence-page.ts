import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import type { Claim, HowKnown } from "#components/services/evidence.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { code, table } from "./markdown.ts";

const INTRODUCTION = `# What the services' declarations rest on

Generated from the \`.evidence.ts\` beside each service; change it there.

A declaration says of an image where it keeps its data, as whom it runs, how one asks whether it is well. This page says how
each of these statements is known. No published image was run.

- **tested**: a test of this project runs the real program, from packages
- **run**: somebody ran the real program by hand, in the version named
- **read**: read in the source named, and run by nobody here
- **inferred**: follows from something else; neither run nor read
`;

const ORDER: readonly HowKnown[] = ["tested", "run", "read", "inferred"];

/** How what is said of each image is known, written to `docs/reference/evidence.md`. */
export function evidencePage(machines: readonly MachineDefinition[]): string {
  const services = [...new Map(machines.flatMap((machine) => machine.services).map((one) => [one.name, one])).values()];
  return [INTRODUCTION, summary(services), ...services.map(section)].join("\n");
}

function summary(services: readonly ServiceSpec[]): string {
  const rows = services.map(({ name, evidence }) => [
    `[${name}](#${name})`,
    ...ORDER.map((how) => String(evidence?.claims.filter((claim) => claim.how === how).length ?? 0)),
    String(evidence?.open.length ?? 0),
  ]);
  return table(["Service", ...ORDER, "open"], rows);
}

function section({ name, image, evidence }: ServiceSpec): string {
  if (evidence === undefined) throw new Error(`${name} does not say what it rests on`);
  const { lab, claims, open } = evidence;
  return [
    `## ${name}\n`,
    `Image ${code(image)}; in a lab ${lab}.\n`,
    ...(claims.length === 0 ? [] : [table(["Known how", "Statement", "Source"], sorted(claims).map(row))]),
    ...open.map((text) => `- ${text}`),
    "",
  ].join("\n");
}

function sorted(claims: readonly Claim[]): Claim[] {
  return [...claims].sort((a, b) => ORDER.indexOf(a.how) - ORDER.indexOf(b.how));
}

function row({ how, what, source }: Claim): string[] {
  return [how === "tested" || how === "run" ? `**${how}**` : how, what, how === "tested" ? codesOf(source) : source];
}

function codesOf(files: string): string {
  return files.split(", ").map(code).join(", ");
}
