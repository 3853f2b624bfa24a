/** One thing that is wrong, told so that the reader can put it right. */
export interface Problem {
  /** What is judged: a setting, a service and its field, a file, a program. */
  readonly property: string;
  readonly found: string;
  readonly expected: string;
  /** The next command to type, or the line to change; left out only where nothing can be typed. */
  readonly fix?: string;
}

/** Everything that is wrong, in one report. Thrown before a resource is declared. */
export class ProblemsError extends Error {
  readonly problems: readonly Problem[];
  /** What they are problems of: `Settings of stack finder`. */
  readonly title: string;

  constructor(title: string, problems: readonly Problem[]) {
    const once = withoutTwins(problems);
    super(renderProblems(title, once));
    this.name = "ProblemsError";
    this.problems = once;
    this.title = title;
  }

  /** The same report with other commands to type, for whoever knows where they are typed. */
  withFixes(rewrite: (fix: string) => string): ProblemsError {
    const rewritten = this.problems.map(({ fix, ...problem }) =>
      fix === undefined ? problem : { ...problem, fix: rewrite(fix) },
    );
    return new ProblemsError(this.title, rewritten);
  }
}

/** Throws when there is at least one problem. */
export function refuse(title: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProblemsError(title, problems);
}

/** One mistake can break two rules that say the same of it. */
function withoutTwins(problems: readonly Problem[]): readonly Problem[] {
  const said = problems.map((one) => JSON.stringify([one.property, one.found, one.expected, one.fix]));
  return problems.filter((_, index) => said.indexOf(said[index] ?? "") === index);
}

function renderProblems(title: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${title}: ${count}; nothing was created.`, ...problems.map(renderProblem)].join("\n");
}

function renderProblem({ property, found, expected, fix }: Problem): string {
  const line = `  - ${property}: found ${found}; expected ${expected}`;
  return fix === undefined ? line : `${line}\n      type: ${fix}`;
}
