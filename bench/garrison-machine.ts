import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import { labelledObjects, removeObjects } from "../scripts/engine/orphans.ts";
import { recover } from "../scripts/engine/recover.ts";
import { runEngine } from "../scripts/engine/run.ts";
import { checkout } from "../helpers/files/directories.ts";
import type { Session } from "../scripts/engine/session.ts";
import { readState } from "../scripts/engine/state.ts";
import { graphOfPreview, graphOfState } from "./graph.ts";
import type { DeclaredGraph } from "./graph.ts";
import { time } from "./measure.ts";
import type { Timed } from "./measure.ts";

const exportSchema = z.object({ deployment: z.object({ resources: z.array(z.unknown()) }) });

/** Which program the engine runs: the estate's, one of its two floors, or as many containers as one likes. */
export type Program = "office" | "declared" | "empty" | "many";

const directories: Readonly<Record<Program, string>> = {
  office: checkout,
  declared: resolve(import.meta.dirname, "floor/declared"),
  empty: resolve(import.meta.dirname, "floor/empty"),
  many: resolve(import.meta.dirname, "floor/many"),
};
const again = "npm run bench";

interface CommandOptions {
  /** @default false */
  readonly policies?: boolean;
  /** On top of the session's. @default nothing */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The machine as Garrison deploys it, and its floors on the same engine and the same state. */
export interface GarrisonMachine {
  readonly session: Session;
  /** `pulumi <args>`, to be measured. The policies judge the program only if asked. */
  command(program: Program, args: readonly string[], options?: CommandOptions): Timed;
  /** The program without engine: settings, plan and SDK in one process. */
  alone(): Timed;
  /** Gives the floor the resources of the program's preview. */
  declarePreview(): Promise<DeclaredGraph>;
  /** Gives the floor the resources as they are deployed. */
  declareState(): Promise<DeclaredGraph>;
}

export function makeGarrisonMachine(session: Session, directory: string): GarrisonMachine {
  const graphFile = join(directory, "graph.json");
  const {
    PULUMI_OPTION_POLICY_PACK: pack,
    PULUMI_OPTION_POLICY_PACK_CONFIG: configuration,
    ...bare
  } = session.environment;
  const judged = { PULUMI_OPTION_POLICY_PACK: pack, PULUMI_OPTION_POLICY_PACK_CONFIG: configuration };
  const environment = { ...bare, GARRISON_BENCH_GRAPH: graphFile };
  const write = async (graph: DeclaredGraph): Promise<DeclaredGraph> => {
    await writeFile(graphFile, JSON.stringify(graph), { mode: 0o600 });
    return graph;
  };
  const command: GarrisonMachine["command"] = (program, args, { policies = false, environment: more = {} } = {}) => ({
    file: session.toolchain.pulumi,
    args: [...args, "--non-interactive", "--color=never"],
    directory: directories[program],
    environment: {
      ...environment,
      ...more,
      ...(policies && pack !== undefined && judged),
    },
  });
  return {
    session,
    command,
    alone: () => ({
      file: process.execPath,
      args: [
        "--stack-trace-limit=0",
        resolve(import.meta.dirname, "floor/alone.ts"),
        session.estate.files.settings,
        session.estate.stack,
      ],
      directory: checkout,
      environment: { ...environment, NODE_COMPILE_CACHE: join(directory, "compile-cache") },
    }),
    declarePreview: async () => write(graphOfPreview((await time(command("office", ["preview", "--json"]))).stdout)),
    declareState: async () => {
      const { stdout } = await time(command("office", ["stack", "export", "--show-secrets"]));
      return write(graphOfState(exportSchema.parse(JSON.parse(stdout)).deployment.resources));
    },
  };
}

/** Brings the estate back to nothing deployed, also after an interrupted benchmark. */
export async function emptyGarrisonMachine({ session }: GarrisonMachine, docker: Docker): Promise<void> {
  const { estate } = session;
  await recover(session, docker, again);
  const { resources } = await readState(estate.files, estate.stack);
  if (resources.length === 0) return;
  await runEngine(session, ["destroy", "--yes", "--refresh"], {
    label: "Removing what an earlier benchmark left",
    again,
  });
}

/** Removes what was deployed, with its volumes; the estate's files are left, with the lock that whoever calls holds. */
export async function removeGarrisonMachine(machine: GarrisonMachine, docker: Docker): Promise<void> {
  const { estate } = machine.session;
  await emptyGarrisonMachine(machine, docker);
  await removeObjects(docker, await labelledObjects(docker, estate.id));
}
