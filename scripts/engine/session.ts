import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { estateName, findEstate, openEstate, settleNetwork } from "#lab/estate/estate.ts";
import type { Estate } from "#lab/estate/estate.ts";
import { prepareFiles } from "#lab/estate/prepare.ts";
import type { LabDaemon } from "#lab/estate/prepare.ts";
import { checkout } from "#helpers/files/directories.ts";
import { dockerAddress, pingDocker } from "#helpers/docker/ping.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import type { Toolchain } from "../toolchain/ensure.ts";
import { commandFor } from "./choice.ts";
import type { EstateChoice } from "./choice.ts";
import { rescueState } from "./kept-state.ts";
import { pluginsOfStack } from "./stack-plugins.ts";
import { readState, stateAuthor } from "./state.ts";
import type { EngineState } from "./state.ts";

/** Everything that a command needs to run the engine on an estate. */
export interface Session {
  readonly estate: Estate;
  readonly toolchain: Toolchain;
  readonly daemon: LabDaemon;
  /** The whole environment of the engine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The name of the chosen estate. */
export function chosenName({ stack, estate }: EstateChoice): string {
  return estateName(stack, estate ?? (process.env.GARRISON_ESTATE === "" ? undefined : process.env.GARRISON_ESTATE));
}

/** The chosen estate, if there is one. */
export function chosenEstate(choice: EstateChoice): Promise<Estate | undefined> {
  return findEstate(chosenName(choice), choice.stack);
}

/**
 * Opens the chosen estate (makes it, when there is none), brings the engine that fits its state, and its stack.
 *
 * @param elsewhere the daemon, where it is not this host's
 */
export async function openSession(choice: EstateChoice, elsewhere?: LabDaemon): Promise<Session> {
  requireStackFile(choice.stack);
  const answers = elsewhere === undefined && (await pingDocker()).version !== undefined;
  const docker = answers ? new Docker() : undefined;
  const opened = await openEstate(chosenName(choice), choice.stack, docker);
  await rescue(opened);
  const state = await readState(opened.files, opened.stack);
  const toolchain = await fittingToolchain(state, choice.stack, beginAnew(opened));
  const unused = docker !== undefined && !state.resources.some(({ type }) => type.startsWith("docker:index/network:"));
  const estate = unused ? await settleNetwork(opened, docker) : opened;
  const daemon = elsewhere ?? { host: dockerAddress(), cgroupDriver: await cgroupDriver(docker) };
  await prepareFiles(estate, checkout, daemon);
  const session = { estate, toolchain, daemon, environment: engineEnvironment(estate, toolchain) };
  if (!state.exists) await makeStack(session);
  return session;
}

/** A full disk can cut the engine's own file off: the newest copy takes its place. */
export async function rescue(estate: Estate): Promise<void> {
  try {
    const copy = await rescueState(estate.files, estate.stack);
    if (copy !== undefined) console.error(`  The state was cut off while it was written; going on from ${copy}`);
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    const found = (text: string) => `${text}; no copy of it can be read either`;
    throw new ProblemReport(
      error.message,
      error.problems.map((one) => ({ ...one, found: found(one.found), fix: beginAnew(estate) })),
    );
  }
}

/** Whether no engine can go on with the state: nobody can read it, or two kinds of plugins have written it. */
export async function isLost(estate: Estate): Promise<boolean> {
  try {
    await rescueState(estate.files, estate.stack);
    return stateAuthor(await readState(estate.files, estate.stack)) === "both";
  } catch (error) {
    if (error instanceof ProblemReport) return true;
    throw error;
  }
}

/** A misspelt stack would otherwise get an estate of its own. */
function requireStackFile(stack: string): void {
  if (existsSync(join(checkout, `Pulumi.${stack}.yaml`))) return;
  throw problem("There is no such stack", {
    property: "--stack",
    found: stack,
    expected: `the stack of a settings file Pulumi.<stack>.yaml`,
    fix: "npm run up -- --stack office",
  });
}

/** What begins an estate anew whose state no engine can go on with; the rehearsals go with the lab's machines. */
function beginAnew(estate: Estate): string {
  if (estate.name === `lab-${estate.stack}`) return `npm run lab -- down, then npm run lab -- deploy ${estate.stack}`;
  const down = commandFor(estate, "down", "--volumes");
  return `${down} (its data and secrets go too), then ${commandFor(estate, "up")}`;
}

/** Official plugins and the lab's refuse each other's state: who wrote it goes on with it. */
async function fittingToolchain(state: EngineState, stack: string, anew: string): Promise<Toolchain> {
  const author = stateAuthor(state);
  const plugins = pluginsOfStack(stack, state);
  if (author === "nobody") return ensureToolchain({ plugins });
  if (author === "both") {
    throw problem("The state of this estate is mixed", {
      property: "state",
      found: "resources of the official plugins beside resources of the lab's plugins",
      expected: "one author",
      fix: anew,
    });
  }
  return ensureToolchain({ kind: author, plugins });
}

async function cgroupDriver(docker: Docker | undefined): Promise<LabDaemon["cgroupDriver"]> {
  if (docker === undefined) return existsSync("/run/systemd/system") ? "systemd" : "cgroupfs";
  const info = (await docker.info()) as { CgroupDriver?: string };
  return info.CgroupDriver === "systemd" ? "systemd" : "cgroupfs";
}

/**
 * The engine's environment. An operator's own Pulumi settings would lead it to another backend or another secret, so
 * only the home with its plugins is taken over.
 */
export function engineEnvironment(
  estate: Estate,
  toolchain: Pick<Toolchain, "env">,
  outer: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const kept = Object.entries(outer).flatMap(([name, value]) =>
    value === undefined || (name.startsWith("PULUMI_") && name !== "PULUMI_HOME") ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    ...toolchain.env,
    PULUMI_BACKEND_URL: `file://${estate.files.backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: estate.files.passphrase,
    PULUMI_STACK: estate.stack,
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    // Every flag can be given by the environment: so plain Pulumi commands use the same settings and the same rules.
    PULUMI_OPTION_CONFIG_FILE: estate.files.settings,
    PULUMI_OPTION_POLICY_PACK: join(checkout, "policies"),
    PULUMI_OPTION_POLICY_PACK_CONFIG: estate.files.policies,
    // `stack rm` would otherwise remove the settings file of the checkout.
    PULUMI_OPTION_PRESERVE_CONFIG: "true",
    PATH: [toolchain.env.PATH ?? outer.PATH ?? "", "/usr/sbin", "/sbin"].join(delimiter),
  };
}

/** Makes the stack beside the estate's copy of the project, where Pulumi may write its salt into the settings. */
async function makeStack({ estate, toolchain, environment }: Session): Promise<void> {
  const made = await execa(toolchain.pulumi, ["stack", "init", estate.stack, "--no-select", "--non-interactive"], {
    cwd: estate.files.directory,
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
  });
  if (made.exitCode === 0) return;
  throw problem("The stack cannot be made", {
    property: estate.files.backend,
    found: made.all,
    expected: "a new stack",
    fix: commandFor(estate, "doctor"),
  });
}
