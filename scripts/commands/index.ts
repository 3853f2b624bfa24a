import type { Command } from "commander";

/** What a file of this directory exports: it adds its own subcommand, with options and action, to the program. */
interface CommandModule {
  register(program: Command): void;
}

interface CommandEntry {
  /** One line for `--help`. */
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every subcommand, in the order in which help lists them. A command sets `process.exitCode`; 0 when it does not. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  up: { summary: "deploy a machine of the estate on this host's Docker, in lab mode", load: () => import("./up.ts") },
  preview: { summary: "what `up` would change, judged by the policies", load: () => import("./preview.ts") },
  status: { summary: "how the estate's containers are doing", load: () => import("./status.ts") },
  down: { summary: "remove what `up` made; data volumes stay", load: () => import("./down.ts") },
  reach: { summary: "what reaches what on a machine, and why or why not", load: () => import("./reach.ts") },
  report: { summary: "what a change does: reach, data, secrets, waivers", load: () => import("./report.ts") },
  numbers: { summary: "give what is new on a machine its number", load: () => import("./numbers.ts") },
  policy: { summary: "what the policies find, by rule, and what a rule is for", load: () => import("./policy.ts") },
  doctor: { summary: "what is wrong here, and what to type", load: () => import("./doctor.ts") },
  pulumi: { summary: "any Pulumi command in the estate's environment", load: () => import("./pulumi.ts") },
  images: { summary: "look up and list the digests of the estate's images", load: () => import("./images.ts") },
  lab: { summary: "the estate's machines as system containers on this host", load: () => import("./lab.ts") },
  docs: { summary: "write the pages that are made from code", load: () => import("./docs.ts") },
  bench: {
    summary: "planner, preview and up against their floor and Docker Compose",
    load: () => import("./bench.ts"),
  },
  package: { summary: "components and policies as npm packages", load: () => import("./package.ts") },
  test: { summary: "lint, unit, engine, preview and lab tests", load: () => import("./test.ts") },
};
