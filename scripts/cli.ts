import { Command } from "commander";
import { ProblemsError } from "../components/lib/problems.ts";
import { commands } from "./commands/index.ts";
import { printFailure, ProblemReport } from "../helpers/terminal/report.ts";

/** The command line behind `npm run <command>`. Only the command that was asked for is loaded. */
async function main(): Promise<void> {
  const program = new Command("garrison")
    .description("Deploys and hardens an estate of AI agents, and proves that they are contained.")
    .showHelpAfterError("(node scripts/garrison.mjs --help lists the commands)")
    .helpCommand(false)
    // What follows a subcommand belongs to it: some hand it on to another program.
    .enablePositionalOptions();
  const wanted = process.argv[2];
  for (const [name, command] of Object.entries(commands)) {
    if (name === wanted) (await command.load()).register(program);
    else program.command(name).description(command.summary);
  }
  await program.parseAsync();
}

try {
  await main();
} catch (error) {
  // What the library refuses is told like everything else that is refused, and without a stack.
  printFailure(error instanceof ProblemsError ? new ProblemReport(error.title, error.problems) : error);
  process.exitCode = 1;
}
