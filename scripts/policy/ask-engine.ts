import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { parseEvent } from "../engine/events.ts";
import type { EngineEvent } from "../engine/events.ts";
import { failure } from "../engine/failure.ts";
import { RunObserver } from "../engine/run-report.ts";
import { policyReport } from "./policy-report.ts";
import type { PolicyReport } from "./policy-report.ts";
import type { Source } from "./sources.ts";

const SETTINGS = "pack.settings";
const configurationShape = z.looseObject({ [SETTINGS]: z.looseObject({}).optional() });

type PolicyEvent = NonNullable<EngineEvent["policyEvent"]>;

// How the engine says on stderr why it ends, and its last word on a run that a policy has stopped.
const ERROR = "error: ";
const STOPPED = /mandatory policy violations were found$|^(?:[\w.-]+: )?(?:preview|update) failed$/;

/**
 * Has the engine judge a source by the pack and gathers what it reports.
 *
 * @throws {ProblemReport} when the engine did not come to the end of it
 */
export async function askEngine(source: Source, configuration: string): Promise<PolicyReport> {
  const scratch = await mkdtemp(join(tmpdir(), "garrison-policy-"));
  try {
    const config = join(scratch, "config.json");
    await writeFile(config, await withOwn(configuration, source));
    return await withProgress(`Judging ${source.title}`, async (progress) => {
      let found = 0;
      return await judge(source, config, () => {
        found += 1;
        progress.update(`findings so far: ${String(found)}`);
      });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The configuration with what the estate's own says beside it: a flag takes the place of the environment's. */
async function withOwn(configuration: string, { environment }: Source): Promise<string> {
  const file = environment.PULUMI_OPTION_POLICY_PACK_CONFIG;
  if (file === undefined) return configuration;
  const own = configurationShape.parse(JSON.parse(await readFile(file, "utf8")));
  const given = configurationShape.parse(JSON.parse(configuration));
  return JSON.stringify({ ...own, ...given, [SETTINGS]: { ...own[SETTINGS], ...given[SETTINGS] } });
}

async function judge(source: Source, config: string, onFinding: () => void): Promise<PolicyReport> {
  const pack = ["--policy-pack", join(checkout, "policies"), "--policy-pack-config", config];
  const engine = execa(source.pulumi, [...source.args, ...pack, "--json", "--non-interactive", "--color=never"], {
    cwd: source.cwd,
    env: source.environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    buffer: { stdout: false },
  });
  const observer = new RunObserver();
  const events: PolicyEvent[] = [];
  let finished = false;
  for await (const line of createInterface({ input: engine.stdout })) {
    const event = parseEvent(line);
    finished ||= event?.summaryEvent !== undefined;
    if (event?.policyEvent === undefined) {
      if (event !== undefined) observer.take(event);
      continue;
    }
    events.push(event.policyEvent);
    onFinding();
  }
  const ended = await engine;
  const report = observer.report();
  const lines = ended.stderr.split("\n").filter((line) => line.trim() !== "");
  const said = lines.filter((line) => !line.startsWith(ERROR));
  const last = lines.filter((line) => line.startsWith(ERROR)).map((line) => line.slice(ERROR.length));
  const errors = [...report.errors, ...last].filter((error) => !STOPPED.test(error));
  // A policy that stops a deployment makes the engine fail too, but at the end of it all.
  const refused = finished && events.some(({ enforcementLevel }) => enforcementLevel === "mandatory");
  if (errors.length > 0 || (ended.exitCode !== 0 && !refused)) {
    const how = ended.signal ?? ended.shortMessage ?? "";
    const run = { label: `Judging ${source.title}`, again: source.again };
    throw failure({ ...report, errors }, { stderr: ended.stderr, how, interrupted: false }, run);
  }
  return policyReport(source.title, events, said);
}
