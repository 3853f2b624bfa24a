import { basename, resolve } from "node:path";
import { checkout } from "#helpers/files/directories.ts";
import { commandLine } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { openSession } from "../engine/session.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { requireState } from "./input-files.ts";

/** What somebody wants a report on. */
export interface ReportChoice extends EstateChoice {
  readonly file?: string;
  readonly deployed?: true;
}

/** How the engine is asked for the findings. */
export interface Source {
  /** What is judged, for people. */
  readonly title: string;
  readonly pulumi: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The command to type for the same again. */
  readonly again: string;
}

/**
 * A state file, a preview of the estate's stack, or what is deployed of it.
 *
 * @throws {ProblemReport} when there is no such thing
 */
export async function sourceOf(choice: ReportChoice): Promise<Source> {
  return choice.file === undefined ? estateSource(choice) : fileSource(choice.file);
}

async function fileSource(file: string): Promise<Source> {
  await requireState(file);
  const { pulumi, env } = await ensureToolchain();
  // Options of Pulumi's by the environment would choose another pack, or a stack.
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_OPTION_"));
  return {
    title: basename(file),
    pulumi,
    args: ["policy", "analyze", "--file", resolve(file)],
    cwd: checkout,
    environment: { ...(Object.fromEntries(outer) as Record<string, string>), ...env },
    again: `npm run policy -- report --file ${file}`,
  };
}

async function estateSource(choice: ReportChoice): Promise<Source> {
  const { toolchain, environment, estate } = await openSession(choice);
  const deployed = choice.deployed === true;
  return {
    title: `${deployed ? "what is deployed of" : "a preview of"} ${estate.stack}`,
    pulumi: toolchain.pulumi,
    args: deployed ? ["policy", "analyze", "--stack", estate.stack] : ["preview"],
    cwd: checkout,
    environment: { ...environment, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    again: again(choice),
  };
}

function again(choice: ReportChoice): string {
  const line = commandLine("policy", choice, ...(choice.deployed === true ? ["--deployed"] : []));
  return line.replace(/npm run policy(?: --)?/, "npm run policy -- report");
}
