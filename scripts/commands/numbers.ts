import { relative } from "node:path";
import type { Command } from "commander";
import { checkout } from "#helpers/files/directories.ts";
import { giveNumbers } from "#components/wiring/give-numbers.ts";
import { readNumberLock, unnumbered } from "#components/wiring/number-lock.ts";
import { stacks } from "#stacks/machines.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";

interface NumbersOptions {
  readonly check?: true;
  readonly json?: true;
}

/** `npm run numbers -- <machine>…`: gives whatever is new on a machine its number, and moves nobody. */
export function register(program: Command): void {
  program
    .command("numbers")
    .description("give services and networks that are new on a machine their numbers; whoever has one keeps it")
    .argument("[machine...]", `machines of the estate: ${Object.keys(stacks).join(", ")}`, Object.keys(stacks))
    .option("--check", "write nothing; exit code 1 where a number is missing")
    .option("--json", "print JSON")
    .action((machines: readonly string[], options: NumbersOptions) => {
      const given = machines.map((machine) => numberMachine(machine, options));
      if (options.json === true) console.log(JSON.stringify(Object.assign({}, ...given), undefined, 2));
      else console.log(given.map(shown).join("\n"));
      const missing = given.some((one) => Object.values(one).some((news) => news.length > 0));
      process.exitCode = options.check === true && missing ? 1 : 0;
    });
}

/** What was without a number, by machine. */
type Given = Readonly<Record<string, readonly string[]>>;

function numberMachine(machine: string, { check }: NumbersOptions): Given {
  const numbers = wiringOf(machine).numbers;
  const { lock, problems } = readNumberLock(numbers.file);
  if (problems.length > 0) {
    const file = relative(checkout, numbers.file);
    const fix = `git checkout -- ${file}`;
    throw new ProblemReport(
      `The numbers in ${file} cannot be used`,
      problems.map((one) => ({ fix, ...one })),
    );
  }
  const news = unnumbered(lock, numbers.wanted);
  if (check !== true) giveNumbers(numbers.file, numbers.wanted);
  return { [machine]: news };
}

function wiringOf(machine: string): NonNullable<(typeof stacks)["office"]["machine"]["wiring"]> {
  const known = Object.entries(stacks).find(([name]) => name === machine)?.[1].machine.wiring;
  if (known !== undefined) return known;
  throw problem("No such machine has numbers", {
    property: "machine",
    found: machine,
    expected: `one of ${Object.keys(stacks).join(", ")}`,
    fix: "npm run numbers -- --check",
  });
}

function shown(given: Given): string {
  return Object.entries(given)
    .map(
      ([machine, news]) => `${machine}: ${news.length === 0 ? "everything has its number" : `new: ${news.join(", ")}`}`,
    )
    .join("\n");
}
