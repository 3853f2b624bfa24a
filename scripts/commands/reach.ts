import type { Command } from "commander";
import { checkout } from "#helpers/files/directories.ts";
import { ProblemReport, printFailure } from "#helpers/terminal/report.ts";
import { askNode, askPair } from "../reach/answers.ts";
import { readQuestion } from "../reach/question.ts";
import { showNode, showOff, showPair } from "../reach/show.ts";
import { stackReachability } from "../reach/stack-reachability.ts";

interface ReachOptions {
  readonly stack: string;
  readonly json?: true;
  readonly lab?: true;
}

/** `npm run reach -- <from> [<to>[:port[/udp]]]`: what reaches what by plan; nothing has to be deployed. */
export function register(program: Command): void {
  program
    .command("reach")
    .description("what reaches what on a machine, over which network and why, or why not; nothing is deployed or asked")
    .argument("[from]", "a service, or host, lan, metadata, resolver, internet")
    .argument("[to]", "the other end, as name, name:port or name:port/udp; without it, everything from and to <from>")
    .option("--stack <stack>", "the stack whose settings count", "office")
    .option("--lab", "as in the lab, where stand-ins hold the place of services that are switched off elsewhere")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit code: 0 reachable, 1 not reachable, 2 the question cannot be answered.")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action((from: string | undefined, to: string | undefined, options: ReachOptions) => {
      process.exitCode = answer(from, to, options);
    });
}

function answer(from: string | undefined, to: string | undefined, { stack, json, lab }: ReachOptions): number {
  try {
    const { reach, switchedOff } = stackReachability(stack, checkout, lab === true);
    const off = switchedOff.map(({ service }) => service);
    const question = readQuestion(from, to, [...reach.nodes, ...off]);
    const asked = switchedOff.filter(({ service }) => [question.from, question.to].includes(service));
    if (asked.length > 0) {
      console.log(
        json === true ? JSON.stringify({ reachable: false, switchedOff: asked }, undefined, 2) : showOff(asked),
      );
      return 1;
    }
    if (question.to === undefined) {
      const all = askNode(reach, question.from);
      console.log(json === true ? JSON.stringify(all, undefined, 2) : showNode(all));
      return 0;
    }
    const pair = askPair(reach, question.from, question.to, question.port);
    console.log(json === true ? JSON.stringify(pair, undefined, 2) : showPair(pair));
    return pair.reachable ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    printFailure(error);
    return 2;
  }
}
