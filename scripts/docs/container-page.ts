import { officialInputs } from "#components/container/official-inputs.ts";
import type { OfficialInput } from "#components/container/official-inputs.ts";
import { code, codes, table } from "./markdown.ts";

/** What becomes of every input of the official container, written to `docs/reference/container.md`. */
export function containerPage(): string {
  const rows = Object.entries(officialInputs).map(([name, input]) => [
    code(name),
    kind(input),
    input.otherwise,
    input.options.length > 0 ? codes(input.options) : (input.instead ?? ""),
    codes(input.waivers ?? []),
  ]);
  return `# The hardened container and the official one

Generated from \`components/container/official-inputs.ts\`; change it there.

\`HardenedContainer\` takes options of its own and makes a \`docker.Container\`. This is every input of the official one: what
it is without a word, which option says it, and which waiver some of its values need. What the policy pack finds on one
container, the component refuses in one report before anything is created, or asks the waiver of the same name for. An
option that is not known is refused, from JavaScript too; one that the official provider knows is answered with this
table's line. The options themselves are described where they are declared: \`components/container/facts.ts\` and
\`components/container/posture.ts\`.

- **fixed**: the same for every container, and refused by its name; beside it stands what to say instead
- **option**: can be said
- **waiver**: can be said, and some or all of its values under a waiver only

${table(["Input", "How", "Without a word", "Said by, or what instead", "Waivers"], rows)}
A process limit is no input of the provider: \`pids\` is required, and \`PidLimits\` or a \`cgroupParent\` applies it. A job
that has ended is not run again until one of its inputs changes, and the provider does not look at its exit code:
\`docker inspect\` and the log tell whether it succeeded. A log stays on the machine: a driver by which the daemon sends it
elsewhere is refused, and no waiver allows it.
`;
}

function kind({ options, waivers = [] }: OfficialInput): string {
  if (waivers.length > 0) return "waiver";
  return options.length > 0 ? "option" : "fixed";
}
